#include "log-stream/short_entry.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

namespace {

constexpr std::string_view kKept[] = {"PRIORITY", "_HOSTNAME",  "SYSLOG_IDENTIFIER", "_COMM",
                                      "_PID",     "SYSLOG_PID", "_SYSTEMD_UNIT",     "MESSAGE"};

// The beginning, without a part of a character: what is text stays text.
std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  constexpr std::size_t kFollowingBytesMax = 3;  // of one character in UTF-8
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  const auto follows = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; };
  while (end > 0 && bytes_max - end < kFollowingBytesMax && follows()) --end;
  return text.substr(0, end);
}

}  // namespace

void shorten(const Entry& entry, Entry& into) {
  into.clear();
  into.realtime_us = entry.realtime_us;
  into.monotonic_us = entry.monotonic_us;
  into.boot_id = entry.boot_id;
  into.cursor = entry.cursor;
  std::array<bool, std::size(kKept)> has{};  // the first of a name only: there may be a thousand
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Field field = entry.field(i);
    const auto* kept = std::find(std::begin(kKept), std::end(kKept), field.name);
    if (kept == std::end(kKept) || std::exchange(has[static_cast<std::size_t>(kept - kKept)], true)) continue;
    into.add(field.name,
             beginning(field.value, field.name == "MESSAGE" ? kShortenedMessageBytesMax : kShortenedFieldBytesMax));
  }
  into.add("BACKPLANE_SHORTENED", "1");
}

}  // namespace backplane::log_stream
