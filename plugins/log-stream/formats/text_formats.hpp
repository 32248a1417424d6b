// Local wall-clock time as text. It works the calendar out once a minute of log time, which is what most of the cost
// of writing a short line would otherwise be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "log-stream/entry.hpp"

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

// The forms that people read: a line for an entry, more where its message has more.

// "Nov 22 18:41:05 host cgminer[231]: text" and LF; `time` has the month first. As journalctl -o short but for what it
// hides: it replaces a message that is not printable by its length, and colours by nothing; here both are escaped.
// Further lines of a message are indented below the first. Nothing for an entry without MESSAGE.
void append_short(const Entry& entry, LocalTime& time, std::string& out);

// "[2026-11-22 18:36:19 kvmd.service] --- text" and CRLF (pikvm.md §6); `time` has the year first. Whitespace at the
// message's end is left out; its own lines end with LF alone, so that CRLF is always the end of an entry.
void append_kvmd(const Entry& entry, LocalTime& time, std::string& out);

}  // namespace backplane::log_stream
