#include "log-stream/notice.hpp"

#include <systemd/sd-id128.h>
#include <time.h>

namespace backplane::log_stream {
namespace {

std::uint64_t now_us(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

}  // namespace

void make_notice(std::string_view text, Entry& into) {
  into.clear();
  into.realtime_us = now_us(CLOCK_REALTIME);
  into.monotonic_us = now_us(CLOCK_MONOTONIC);
  sd_id128_t boot{};
  char boot_id[SD_ID128_STRING_MAX] = {};
  if (sd_id128_get_boot(&boot) >= 0) into.boot_id = sd_id128_to_string(boot, boot_id);
  into.add("PRIORITY", "3");
  into.add("SYSLOG_IDENTIFIER", "backplaned");
  into.add("_SYSTEMD_UNIT", "backplaned.service");
  into.add("MESSAGE", text);
  into.add("BACKPLANE_NOTICE", "1");
}

}  // namespace backplane::log_stream
