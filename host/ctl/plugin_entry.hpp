// A plugin instance as the daemon shows it to operators.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backplane::ctl {

struct PluginEntry {
  std::string instance;
  std::string plugin;
  std::string version;  // empty where its manifest was refused
  std::string state;
  std::string isolation;
  std::int64_t pid = 0;  // 0: it has no process of its own now
  std::string reason;    // empty where there is nothing to say
};

// Reads the bodies of the daemon's plugins API; nothing where they are not of that shape.
std::optional<std::vector<PluginEntry>> read_plugins(std::string_view json);
std::optional<PluginEntry> read_plugin(std::string_view json);

}  // namespace backplane::ctl
