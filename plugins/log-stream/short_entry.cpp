#include "log-stream/short_entry.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "log-stream/limits.hpp"
#include "log-stream/utf8.hpp"

namespace backplane::log_stream {
namespace {

constexpr std::string_view kKept[] = {"PRIORITY", "_HOSTNAME",  "SYSLOG_IDENTIFIER", "_COMM",
                                      "_PID",     "SYSLOG_PID", "_SYSTEMD_UNIT",     "MESSAGE"};

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
