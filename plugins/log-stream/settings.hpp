// The configuration of one instance, as the manifest's schema describes it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/journal.hpp"
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

}  // namespace backplane::log_stream
