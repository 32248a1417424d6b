// The settings that a running daemon cannot take over from a new file.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace backplane::app {

// Puts those of `running` into `next`, so that one half of the daemon never works by another value than the other.
// Returns the keys where the two differed: what takes effect at the next start only.
std::vector<std::string> keep_until_restart(const config::Settings& running, config::Settings& next);

}  // namespace backplane::app
