#include "ctl/daemon_plugins.hpp"

#include <fmt/core.h>

#include "config/problems.hpp"
#include "config/values.hpp"
#include "ctl/daemon_api.hpp"
#include "ctl/plugin_table.hpp"
#include "ctl/printable.hpp"

namespace backplane::ctl {
namespace {

const std::string kPlugins = "/api/v1/plugins";

}  // namespace

base::Checked<void> list_plugins(const std::string& state_dir, bool json) {
  const auto daemon = DaemonApi::find(state_dir);
  if (!daemon) return daemon.error();
  const auto answer = daemon->ask("GET", kPlugins);
  if (!answer) return answer.error();
  if (json) {
    fmt::print("{}\n", *answer);
    return {};
  }
  const auto plugins = read_plugins(*answer);
  if (!plugins) return unreadable("list of plugins");
  fmt::print("{}", plugin_table(*plugins, terminal_width()));
  return {};
}

base::Checked<void> order_plugin(const std::string& state_dir, const std::string& instance, const char* order) {
  if (!config::is_name(instance)) {  // before it becomes part of a path
    return base::problem(base::Error::kInvalid,
                         fmt::format("{} is no plugin instance's name: a-z, 0-9, \"_\" and \"-\", at most 64 "
                                     "characters; `backplanectl plugin list` shows them",
                                     config::shown(instance)));
  }
  const auto daemon = DaemonApi::find(state_dir);
  if (!daemon) return daemon.error();
  const auto answer = daemon->ask("POST", kPlugins + "/" + instance + "/" + order);
  if (!answer) return answer.error();
  const auto plugin = read_plugin(*answer);
  if (!plugin) return unreadable("answer");
  fmt::print("{}\n", printable(plugin_line(*plugin)));
  return {};
}

}  // namespace backplane::ctl
