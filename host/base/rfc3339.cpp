#include "base/rfc3339.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace backplane::base {

std::string rfc3339(std::int64_t wall_ms) {
  using std::chrono::milliseconds;
  constexpr std::int64_t kFirstMs = -62'135'596'800'000;  // 0001-01-01
  constexpr std::int64_t kLastMs = 253'402'300'799'999;   // 9999-12-31
  const std::chrono::sys_time<milliseconds> moment{milliseconds(std::clamp(wall_ms, kFirstMs, kLastMs))};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

}  // namespace backplane::base
