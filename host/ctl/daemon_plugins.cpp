#include "ctl/daemon_plugins.hpp"

#include <fmt/core.h>
#include <simdjson.h>

#include <utility>

#include "config/problems.hpp"
#include "config/values.hpp"
#include "ctl/daemon_api.hpp"
#include "ctl/terminal.hpp"

namespace backplane::ctl {
namespace {

const std::string kPlugins = "/api/v1/plugins";

using simdjson::dom::element;

// False if the member is absent or no text.
bool read_text(const element& object, const char* name, std::string& out) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

std::optional<PluginEntry> read(const element& object) {
  PluginEntry entry;
  if (!read_text(object, "instance", entry.instance) || !read_text(object, "plugin", entry.plugin) ||
      !read_text(object, "state", entry.state) || !read_text(object, "reason", entry.reason) ||
      !read_text(object, "isolation", entry.isolation)) {
    return std::nullopt;
  }
  read_text(object, "version", entry.version);
  if (object["pid"].get(entry.pid) != simdjson::SUCCESS) entry.pid = 0;
  return entry;
}

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

std::optional<std::vector<PluginEntry>> read_plugins(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::array plugins;
  if (parser.parse(simdjson::padded_string(json))["plugins"].get(plugins) != simdjson::SUCCESS) return std::nullopt;
  std::vector<PluginEntry> entries;
  for (const element plugin : plugins) {
    auto entry = read(plugin);
    if (!entry) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::optional<PluginEntry> read_plugin(std::string_view json) {
  simdjson::dom::parser parser;
  element object;
  if (parser.parse(simdjson::padded_string(json)).get(object) != simdjson::SUCCESS) return std::nullopt;
  return read(object);
}

std::string plugin_table(const std::vector<PluginEntry>& plugins, std::size_t width) {
  std::vector<Row> rows = {{"INSTANCE", "PLUGIN", "VERSION", "STATE", "ISOLATION", "PID", "REASON"}};
  for (const PluginEntry& plugin : plugins) {
    rows.push_back({plugin.instance, plugin.plugin, plugin.version.empty() ? "-" : plugin.version, plugin.state,
                    plugin.isolation, plugin.pid == 0 ? "-" : std::to_string(plugin.pid), plugin.reason});
  }
  return columns(rows, {.width = width});
}

std::string plugin_line(const PluginEntry& plugin) {
  std::string line = fmt::format("plugin '{}' is {}", plugin.instance, plugin.state);
  if (plugin.pid != 0) line += fmt::format(" in process {}", plugin.pid);
  if (!plugin.reason.empty()) line += ": " + plugin.reason;
  return line;
}

}  // namespace backplane::ctl
