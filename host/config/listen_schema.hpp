// Reads `listen`: what the daemon listens on, and which of its keys go together.
#pragma once

#include <vector>

#include "config/reader.hpp"
#include "config/settings.hpp"

namespace backplane::config {

void read_listeners(const Cursor& at, std::vector<ListenSettings>& out);

}  // namespace backplane::config
