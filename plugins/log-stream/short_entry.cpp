#include "log-stream/short_entry.hpp"

#include <algorithm>
#include <string_view>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

void shorten(const Entry& entry, Entry& into) {
  static constexpr std::string_view kKept[] = {"PRIORITY", "_HOSTNAME",  "SYSLOG_IDENTIFIER", "_COMM",
                                               "_PID",     "SYSLOG_PID", "_SYSTEMD_UNIT"};
  into.clear();
  into.realtime_us = entry.realtime_us;
  into.monotonic_us = entry.monotonic_us;
  into.boot_id = entry.boot_id;
  into.cursor = entry.cursor;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    const Field field = entry.field(i);
    const bool kept = std::find(std::begin(kKept), std::end(kKept), field.name) != std::end(kKept);
    if (kept) into.add(field.name, field.value.substr(0, kShortenedFieldBytesMax));
  }
  into.add("MESSAGE", entry.find("MESSAGE").substr(0, kShortenedMessageBytesMax));
  into.add("BACKPLANE_SHORTENED", "1");
}

}  // namespace backplane::log_stream
