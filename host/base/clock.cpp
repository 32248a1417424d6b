#include "base/clock.hpp"

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

}  // namespace backplane::base
