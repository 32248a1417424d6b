// Local wall-clock time as text. It works the calendar out once a minute of log time, which is what most of the cost
// of writing a short line would otherwise be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace backplane::log_stream {

class LocalTime {
 public:
  enum class Form {
    kMonthFirst,  // "Nov 22 18:41:05", always in English
    kYearFirst,   // "2026-11-22 18:41:05"
  };
  explicit LocalTime(Form form) : form_(form) {}

  // Valid until the next call.
  std::string_view text(std::uint64_t realtime_us);

 private:
  void write_minute(std::time_t second);

  Form form_;
  std::time_t minute_begin_ = -1;  // of the local minute that `text_` shows; -1: of none yet
  std::size_t second_at_ = 0;      // where in `text_` the seconds stand
  char text_[40] = {};
};

}  // namespace backplane::log_stream
