// Lets at most kLogLinesPerSecondMax lines of a plugin through each second and counts the rest. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include "base/clock.hpp"
#include "link/limits.hpp"

namespace backplane::link {

class LogGate {
 public:
  explicit LogGate(const base::Clock& clock) : clock_(clock) {}

  struct Pass {
    bool open = false;
    std::size_t dropped = 0;  // lines that were dropped since the last one that passed; tell it once
  };
  Pass pass() {
    std::lock_guard lock(mutex_);
    const std::int64_t second = clock_.steady_ms() / 1000;
    if (second != second_) {
      second_ = second;
      lines_ = 0;
    }
    if (lines_ >= limits::kLogLinesPerSecondMax) {
      ++dropped_;
      return {};
    }
    ++lines_;
    const Pass pass{true, dropped_};
    dropped_ = 0;
    return pass;
  }
  // A line that passed was lost further on.
  void lost() {
    std::lock_guard lock(mutex_);
    ++dropped_;
  }

 private:
  const base::Clock& clock_;
  std::mutex mutex_;
  std::int64_t second_ = -1;
  std::size_t lines_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace backplane::link
