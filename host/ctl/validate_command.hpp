// `backplanectl plugin validate FILE`: for who writes a plugin, by hand or in a CI system.
#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace backplane::ctl {

class ValidateCommand {
 public:
  ValidateCommand();
  // Adds its arguments to the command.
  void add_to(CLI::App& command);
  // Prints the report. 0: everything is right, 1: something failed.
  int run() const;

 private:
  std::string file_;
  int level_;
  std::uint64_t seed_;
  std::string config_json_;
  bool json_ = false;
};

}  // namespace backplane::ctl
