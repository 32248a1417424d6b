#include "ctl/plugin_table.hpp"

#include <fmt/core.h>

namespace backplane::ctl {

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
