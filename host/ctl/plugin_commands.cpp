#include "ctl/plugin_commands.hpp"

#include <CLI/CLI.hpp>
#include <utility>

#include "ctl/daemon_plugins.hpp"
#include "ctl/describe_plugin.hpp"
#include "ctl/terminal.hpp"

namespace backplane::ctl {

PluginCommands::PluginCommands(CLI::App& app, const std::string& state_dir) {
  CLI::App& plugin =
      *app.add_subcommand("plugin", "Look after the plugins of the running daemon, and look at new ones");
  plugin.require_subcommand(1);
  plugin.fallthrough();

  CLI::App& list = add(plugin, "list", "List the daemon's plugins and how they are",
                       [this, &state_dir] { return report(list_plugins(state_dir, json_)); });
  list.add_flag("--json", json_, "Print what the daemon says, as JSON");

  CLI::App& describe = add(plugin, "describe", "Say what a plugin offers and asks for; nothing of it is run",
                           [this] { return describe_plugin(file_, json_); });
  describe.add_option("FILE", file_, "Its manifest <id>.json, or <id>.so with that beside it")->required();
  describe.add_flag("--json", json_, "Print the manifest itself");

  validate_.add_to(add(plugin, "validate", "Check a plugin file from outside, in a sandboxed process",
                       [this] { return validate_.run(); }));

  for (const auto& [word, summary] :
       {std::pair{"restart", "Start a plugin anew; a process of its own takes its file as it is now"},
        std::pair{"disable", "Stop a plugin and keep it down until the daemon restarts"},
        std::pair{"enable", "Start a plugin that is down"}}) {
    CLI::App& order = add(plugin, word, summary,
                          [this, &state_dir, word = word] { return report(order_plugin(state_dir, name_, word)); });
    order.add_option("NAME", name_, "The plugin's instance, as `plugin list` shows it")->required();
  }
}

std::optional<int> PluginCommands::run_given() const {
  for (const Command& command : commands_) {
    if (*command.arguments) return command.run();
  }
  return std::nullopt;
}

CLI::App& PluginCommands::add(CLI::App& plugin, const char* word, const char* summary, std::function<int()> run) {
  CLI::App* command = plugin.add_subcommand(word, summary);
  command->fallthrough();
  commands_.push_back({command, std::move(run)});
  return *command;
}

}  // namespace backplane::ctl
