#include "plugin/restarts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plugin/limits.hpp"

namespace backplane::plugin {

bool Restarts::ended(std::int64_t now_ms) {
  ++ends_;
  while (!ends_ms_.empty() && now_ms - ends_ms_.front() >= limits::kProcessCrashesMs) ends_ms_.pop_front();
  ends_ms_.push_back(now_ms);
  if (ends_ms_.size() >= limits::kProcessCrashesMax) return false;
  const std::int64_t wait_ms = ends_ms_.size() == 1 ? 0
                                                    : std::min(limits::kProcessRestartMsMin << (ends_ms_.size() - 2),
                                                               limits::kProcessRestartMsMax);
  due_ms_ = now_ms + wait_ms;
  return true;
}

std::string too_many_ends(std::string_view instance, std::string_view reason) {
  return fmt::format(
      "it crashed {} times within {} minutes, at last because {}; `backplanectl plugin enable {}` "
      "starts it again",
      limits::kProcessCrashesMax, limits::kProcessCrashesMs / 60'000, reason, instance);
}

}  // namespace backplane::plugin
