#include "ctl/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "base/log.hpp"
#include "config/load.hpp"
#include "ctl/plugin_commands.hpp"
#include "ctl/terminal.hpp"
#include "ctl/user_commands.hpp"

namespace backplane::ctl {
namespace {

int check_config(const std::string& file) {
  const config::LoadOutcome outcome = config::load(file);
  for (const base::Problem& problem : outcome.problems) fmt::print(stderr, "{}\n", problem.message());
  if (!outcome.settings) return kFailed;
  fmt::print("{}: no mistakes found\n", file);
  return 0;
}

// One command of the tool: its place in the arguments, and what to do where it was given.
struct Commands {
  explicit Commands(CLI::App& app) : plugin(app, options.state_dir) {
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--state-dir", options.state_dir, "The daemon's state directory")->capture_default_str();
    config_option =
        app.add_option("--config", options.config_file, "The daemon's configuration: says which roles there are")
            ->capture_default_str();
    app.set_version_flag("--version", BACKPLANE_VERSION);

    CLI::App* user = app.add_subcommand("user", "Manage the users, while the daemon runs or not");
    user->require_subcommand(1);
    user->fallthrough();
    add = user->add_subcommand("add", "Add a user");
    add->add_option("NAME", name, "The user's name")->required();
    add->add_option("--role", role, "What the user may do: admin, operator, viewer, or a role of roles.yaml")
        ->required();
    list = user->add_subcommand("list", "List the users");
    set_password = user->add_subcommand("set-password", "Set a user's password; it ends the user's sessions");
    set_password->add_option("NAME", name, "The user's name")->required();
    totp_enable = user->add_subcommand("totp-enable", "Give a user a second factor: prints its secret once");
    totp_disable = user->add_subcommand("totp-disable", "Take a user's second factor away");
    for (CLI::App* command : {totp_enable, totp_disable}) {
      command->fallthrough();
      command->add_option("NAME", name, "The user's name")->required();
    }
    remove = user->add_subcommand("delete", "Delete a user");
    remove->add_option("NAME", name, "The user's name")->required();
    for (CLI::App* command : {add, set_password}) {
      command->fallthrough();
      command->add_flag("--password-stdin", options.password_stdin, "Read the password from standard input");
    }
    list->fallthrough();
    remove->fallthrough();

    CLI::App* config = app.add_subcommand("config", "Work with configuration files");
    config->require_subcommand(1);
    check = config->add_subcommand("check", "Report every mistake in a configuration file");
    check->add_option("FILE", file, "The file, as for backplaned --config")->required();
  }

  int run() {
    if (*check) return check_config(file);
    if (const auto status = plugin.run_given()) return *status;
    options.config_given = config_option->count() > 0;
    if (*list) return report(list_users(options));
    if (*add) return report(add_user(options, name, role));
    if (*set_password) return report(set_user_password(options, name));
    if (*totp_enable) return report(enable_user_totp(options, name));
    if (*totp_disable) return report(disable_user_totp(options, name));
    return report(delete_user(options, name));
  }

  UserOptions options;  // before plugin, which refers to it
  PluginCommands plugin;
  std::string name;
  std::string role;
  std::string file;
  CLI::Option* config_option = nullptr;
  CLI::App* add = nullptr;
  CLI::App* list = nullptr;
  CLI::App* set_password = nullptr;
  CLI::App* totp_enable = nullptr;
  CLI::App* totp_disable = nullptr;
  CLI::App* remove = nullptr;
  CLI::App* check = nullptr;
};

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  base::open_log(base::Level::kError);
  CLI::App app("Manages a Backplane: users, plugins and configuration files.", "backplanectl");
  Commands commands(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  return commands.run();
}

}  // namespace backplane::ctl
