// When a plugin whose process has ended is started again: at once the first time, then later and later, and after
// kProcessCrashesMax ends within kProcessCrashesMs not any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace backplane::plugin {

class Restarts {
 public:
  // One more end. False: it stays down.
  bool ended(std::int64_t now_ms);
  // Whether the next start is due.
  bool due(std::int64_t now_ms) const { return due_ms_ && now_ms >= *due_ms_; }
  // No start is due any more, until it ends again.
  void cancel() { due_ms_.reset(); }
  // What ended before counts no longer.
  void forget() { ends_ms_.clear(); }
  std::size_t recent() const { return ends_ms_.size(); }
  std::uint64_t ends() const { return ends_; }

 private:
  std::deque<std::int64_t> ends_ms_;  // at most kProcessCrashesMax
  std::optional<std::int64_t> due_ms_;
  std::uint64_t ends_ = 0;
};

// Why `instance`, which ended too often and last for `reason`, stays down.
std::string too_many_ends(std::string_view instance, std::string_view reason);

}  // namespace backplane::plugin
