// When a plugin whose process has ended is started again: at once the first time, then later and later, and after
// kProcessCrashesMax ends within kProcessCrashesMs not any more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>

#include "plugin/limits.hpp"

namespace backplane::plugin {

class Restarts {
 public:
  // One more end. How long to wait before the next start; empty: it stays down.
  std::optional<std::int64_t> ended(std::int64_t now_ms) {
    while (!ends_ms_.empty() && now_ms - ends_ms_.front() >= limits::kProcessCrashesMs) ends_ms_.pop_front();
    ends_ms_.push_back(now_ms);
    if (ends_ms_.size() >= limits::kProcessCrashesMax) return std::nullopt;
    if (ends_ms_.size() == 1) return 0;
    const std::int64_t wait_ms = limits::kProcessRestartMsMin << (ends_ms_.size() - 2);
    return std::min(wait_ms, limits::kProcessRestartMsMax);
  }
  void forget() { ends_ms_.clear(); }
  std::size_t recent() const { return ends_ms_.size(); }

 private:
  std::deque<std::int64_t> ends_ms_;  // at most kProcessCrashesMax
};

}  // namespace backplane::plugin
