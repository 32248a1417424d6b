#include "log-stream/local_time.hpp"

#include <algorithm>
#include <cstdio>

namespace backplane::log_stream {
namespace {

constexpr std::uint64_t kMicrosecondsPerSecond = 1'000'000;
// The last second of the year 9999: later ones, which only a broken clock writes, would not fit the form.
constexpr std::uint64_t kSecondMax = 253'402'214'400;
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

void LocalTime::write_minute(std::time_t second) {
  std::tm calendar{};
  localtime_r(&second, &calendar);
  // Counted from the local second, not from the UTC one: some zones were once not whole minutes off.
  minute_begin_ = second - calendar.tm_sec;
  int length = 0;
  if (form_ == Form::kMonthFirst) {
    length = std::snprintf(text_, sizeof text_, "%s %02d %02d:%02d:", kMonths[calendar.tm_mon], calendar.tm_mday,
                           calendar.tm_hour, calendar.tm_min);
  } else {
    length = std::snprintf(text_, sizeof text_, "%04d-%02d-%02d %02d:%02d:", calendar.tm_year + 1900,
                           calendar.tm_mon + 1, calendar.tm_mday, calendar.tm_hour, calendar.tm_min);
  }
  second_at_ = static_cast<std::size_t>(length);
}

std::string_view LocalTime::text(std::uint64_t realtime_us) {
  const auto second = static_cast<std::time_t>(std::min(realtime_us / kMicrosecondsPerSecond, kSecondMax));
  const bool same_minute = minute_begin_ >= 0 && second >= minute_begin_ && second - minute_begin_ < 60;
  if (!same_minute) write_minute(second);
  const auto shown = static_cast<int>(second - minute_begin_);
  text_[second_at_] = static_cast<char>('0' + shown / 10);
  text_[second_at_ + 1] = static_cast<char>('0' + shown % 10);
  return {text_, second_at_ + 2};
}

}  // namespace backplane::log_stream
