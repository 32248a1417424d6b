// Time as an object, so that tests can move it. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace backplane::base {

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since an arbitrary point, monotonic; stops while the machine is suspended. For timers.
  virtual std::int64_t steady_ms() const = 0;
  // Milliseconds since boot, counting suspend; a change of the wall clock does not move it. For session deadlines.
  virtual std::int64_t boot_ms() const = 0;
  // Milliseconds since 1970 UTC. For texts and for comparing across reboots, never for deadlines.
  virtual std::int64_t wall_ms() const = 0;
};

// The machine's clocks.
const Clock& system_clock();

// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  std::int64_t steady_ms() const override { return steady_ms_; }
  std::int64_t boot_ms() const override { return steady_ms_; }
  std::int64_t wall_ms() const override { return wall_ms_; }
  void advance_ms(std::int64_t ms) {
    steady_ms_ += ms;
    wall_ms_ += ms;
  }
  void set_wall_ms(std::int64_t ms) { wall_ms_ = ms; }

 private:
  std::atomic<std::int64_t> steady_ms_{1'000'000};
  std::atomic<std::int64_t> wall_ms_{1'700'000'000'000};
};

// Moments as RFC 3339 texts in UTC: "2026-11-23T01:02:03.004Z".

// Milliseconds since 1970. Moments outside of the years 1 to 9999, which have no such text, become the nearest that
// has.
std::string rfc3339(std::int64_t wall_ms);

}  // namespace backplane::base
