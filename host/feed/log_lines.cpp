#include "feed/log_lines.hpp"

#include <chrono>
#include <utility>

#include "base/utf8.hpp"
#include "feed/limits.hpp"

namespace backplane::feed {

namespace {

thread_local bool silent = false;

std::int64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

LogLines::LogLines() {
  base::observe_log([this](base::Level level, std::string_view text) { add(level, text); });
}

LogLines::~LogLines() {
  base::observe_log(nullptr);
}

void LogLines::set_wake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
  if (wake_ && !waiting_.lines.empty()) wake_();
}

LogLines::Batch LogLines::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

void LogLines::add(base::Level level, std::string_view text) {
  if (silent) return;
  Line line{now_us(), level, base::clean_text(text, limits::kLogFeedTextBytesMax)};
  const std::lock_guard lock(mutex_);
  if (waiting_.lines.size() >= limits::kLogFeedLines) {
    ++waiting_.missing;
    return;
  }
  waiting_.lines.push_back(std::move(line));
  if (waiting_.lines.size() == 1 && wake_) wake_();
}

LogLines::Silence::Silence() {
  silent = true;
}

LogLines::Silence::~Silence() {
  silent = false;
}

}  // namespace backplane::feed
