// The plugin's own configuration, and what the host says of itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dialects/kvmd/answer.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

struct Settings {
  std::int64_t fresh_ms = 1000;  // how long the host may repeat an answer; 0: every request is answered anew
  std::string root_dir = "/";    // /proc and /sys are read below it
  std::string meta_file;         // empty: `meta` counts
  Value meta;
  std::string extras_dir;  // empty: there are no extras
  std::int64_t extras_refresh_ms = 5000;
  Value::Object ports;           // number of a port by kvmd's configuration path ("vnc/server/port")
  std::string platform_file;     // empty: none
  std::string streamer_version;  // empty: the one that belongs to the API version
  bool throttling_ignore_past = false;
};

// The configuration as the host hands it over: checked by the manifest's schema, defaults filled in. Throws
// std::invalid_argument in words for the administrator where two keys contradict each other or a value breaks a bound.
Settings parse_settings(std::string_view config_json);

// What the host says of itself (backplane.host/1).
struct HostFacts {
  int api_version = 4;  // compat.kvmd.api_version: 3 or 4
  bool auth_enabled = true;
};

}  // namespace backplane::kvm_info
