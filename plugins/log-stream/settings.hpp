// The configuration of one instance, as the manifest's schema describes it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/journal/journal.hpp"
#include "log-stream/masks.hpp"

namespace backplane::log_stream {

struct Settings {
  JournalPlace place;
  bool kvmd_enabled = true;
  std::vector<std::string> kvmd_units;
  std::size_t filtered_followers_max = 0;
  std::shared_ptr<const Masks> masks;  // shared with readers that outlive a new configuration
};

// Throws std::invalid_argument, for people.
Settings parse_settings(std::string_view config_json);

// The names of systemd's units, as people give them.

// The whole name: without a known suffix ".service" is appended, but a pattern ("*", "?", "[…]") stays as it is.
// Nothing where no unit can be named so.
std::optional<std::string> unit_name(std::string_view text);

}  // namespace backplane::log_stream
