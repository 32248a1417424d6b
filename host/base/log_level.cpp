// The least level that is written. Apart from the sinks, so that a plugin's process has it without them.
#include <atomic>

#include "base/log.hpp"

namespace backplane::base {
namespace {

std::atomic<Level> least_level{Level::kInfo};

}  // namespace

void set_log_level(Level least) {
  least_level = least;
}

Level log_level() noexcept {
  return least_level;
}

bool log_enabled(Level level) noexcept {
  return level >= least_level.load(std::memory_order_relaxed);
}

}  // namespace backplane::base
