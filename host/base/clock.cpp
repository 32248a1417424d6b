#include "base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace backplane::base {
namespace {

std::int64_t read_ms(clockid_t id) {
  timespec time{};
  clock_gettime(id, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

class SystemClock final : public Clock {
 public:
  std::int64_t steady_ms() const override { return read_ms(CLOCK_MONOTONIC); }
  std::int64_t boot_ms() const override { return read_ms(CLOCK_BOOTTIME); }
  std::int64_t wall_ms() const override { return read_ms(CLOCK_REALTIME); }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

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
