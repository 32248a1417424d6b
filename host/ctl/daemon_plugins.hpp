// The plugins as the running daemon keeps them: its plugins API, over its Unix socket. They run nowhere else, so that
// all of this needs a daemon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ctl/terminal.hpp"

namespace backplane::ctl {

// Prints a table, or the daemon's own JSON.
base::Checked<void> list_plugins(const std::string& state_dir, bool json);

// `order` is restart, disable or enable. Waits until it is carried out, and prints how the plugin is then.
base::Checked<void> order_plugin(const std::string& state_dir, const std::string& instance, const char* order);

// A plugin instance as the daemon shows it to operators.
struct PluginEntry {
  std::string instance;
  std::string plugin;
  std::string version;  // empty if its manifest was refused
  std::string state;
  std::string isolation;
  std::int64_t pid = 0;  // 0: it has no process of its own now
  std::string reason;    // empty if there is nothing to say
};

// Reads the bodies of the daemon's plugins API; nothing if they are not of that shape.
std::optional<std::vector<PluginEntry>> read_plugins(std::string_view json);
std::optional<PluginEntry> read_plugin(std::string_view json);

// A line of headings, then one for each instance, in the daemon's order; reasons are wrapped to the terminal's width
// if that is not 0.
std::string plugin_table(const std::vector<PluginEntry>& plugins, std::size_t width);

// "plugin 'video' is degraded in process 4711: the camera is missing".
std::string plugin_line(const PluginEntry& plugin);

}  // namespace backplane::ctl
