// The arguments of `backplanectl plugin`: one entry in the constructor for each of its commands.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ctl/validate_command.hpp"

namespace CLI {
class App;
}

namespace backplane::ctl {

class PluginCommands {
 public:
  // Adds them to the arguments of the tool. `state_dir` is looked at when a command runs.
  PluginCommands(CLI::App& app, const std::string& state_dir);
  PluginCommands(const PluginCommands&) = delete;
  PluginCommands& operator=(const PluginCommands&) = delete;

  // Runs the one that was given and returns the exit status; nothing if none of them was.
  std::optional<int> run_given() const;

 private:
  struct Command {
    const CLI::App* arguments;
    std::function<int()> run;
  };
  // A command below `plugin`; its own arguments are added to what is returned.
  CLI::App& add(CLI::App& plugin, const char* word, const char* summary, std::function<int()> run);

  std::vector<Command> commands_;
  ValidateCommand validate_;
  std::string name_;
  std::string file_;
  bool json_ = false;
};

}  // namespace backplane::ctl
