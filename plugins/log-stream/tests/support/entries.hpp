// Entries to write, and what a format makes of them.
#pragma once

#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "log-stream/entry.hpp"
#include "log-stream/formats/formatter.hpp"

namespace backplane::log_stream {

using FieldList = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint64_t kNov22 = 1732300865'000000;  // 2024-11-22 18:41:05 UTC

inline Entry entry_of(const FieldList& fields, std::uint64_t realtime_us = kNov22) {
  Entry entry;
  entry.realtime_us = realtime_us;
  entry.monotonic_us = 4711;
  entry.boot_id = "0123456789abcdef0123456789abcdef";
  entry.cursor = "s=1;i=2";
  for (const auto& [name, value] : fields) entry.add(name, value);
  return entry;
}

// From host "host", by cgminer with pid 231.
inline Entry miner_entry(std::string_view message, std::uint64_t realtime_us = kNov22) {
  return entry_of(
      {{"_HOSTNAME", "host"}, {"SYSLOG_IDENTIFIER", "cgminer"}, {"_PID", "231"}, {"MESSAGE", std::string(message)}},
      realtime_us);
}

inline std::string written(Format format, const Entry& entry) {
  std::string out;
  Formatter(format).append(entry, out);
  return out;
}

// The process's time zone while it lives.
class TimeZone {
 public:
  explicit TimeZone(const char* name) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", name, 1);
    ::tzset();
  }
  ~TimeZone() {
    before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
    ::tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

 private:
  std::string before_;
};

}  // namespace backplane::log_stream
