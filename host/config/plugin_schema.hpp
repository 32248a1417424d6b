// Reads `plugins`: instances, and their own config, which is handed on as JSON with the place of each value.
#pragma once

#include <vector>

#include "config/reader.hpp"
#include "config/settings.hpp"

namespace backplane::config {

// Appends, so that several files can be read after each other; the same instance twice is refused with both places.
void read_plugins(const Cursor& at, std::vector<PluginSettings>& out);

}  // namespace backplane::config
