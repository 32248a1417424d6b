// The cooling fan as kvmd's fan daemon describes one, read from the kernel's hwmon devices.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialects/kvmd/answer.hpp"
#include "kvm-info/sources.hpp"

namespace backplane::kvm_info {

using dialects::kvmd::Value;

// Finds the fans with a tachometer (fan*_input). With several, the first that has stopped is shown, else the first.
class Fan {
 public:
  explicit Fan(Sources sources) : sources_(std::move(sources)) {}

  // {monitored, state}; false and null where no fan can be read (pikvm.md §5.1 `fan`), else state is
  //   fan {last_fail_ts, ok, pwm, speed}: seconds (-1 never), turning, duty cycle 0 … 255 and percent (0 where unknown)
  //   hall {available, rpm}, service {now_ts}, temp {fixed, real} (degrees; null where unknown).
  // `now_s` is a monotonic time in seconds.
  Value describe(std::optional<double> celsius, double now_s);

 private:
  struct Tachometer {
    std::string input;  // fanN_input
    std::string fault;  // fanN_fault or fanN_alarm; either may be missing
    std::string alarm;
    std::string pwm;  // pwmN of the same number
  };
  struct Reading {
    std::int64_t rpm = 0;
    std::optional<std::int64_t> pwm;
    bool ok = true;
  };
  void search(double now_s);
  std::optional<Reading> read() const;
  static std::optional<Reading> read(const Tachometer& tachometer);

  Sources sources_;
  std::vector<Tachometer> tachometers_;
  double searched_s_ = -1;  // negative: never
  double last_fail_s_ = -1;
};

}  // namespace backplane::kvm_info
