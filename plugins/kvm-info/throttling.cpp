#include "kvm-info/throttling.hpp"

namespace backplane::kvm_info {
namespace {

constexpr int kUndervoltageBit = 0;
constexpr int kFrequencyCappedBit = 1;
constexpr int kThrottledBit = 2;
constexpr int kPastShift = 16;  // the same flags, kept since boot

Value now_and_past(std::int64_t flags, int bit) {
  return Value::Object{{"now", (flags >> bit & 1) != 0}, {"past", (flags >> (bit + kPastShift) & 1) != 0}};
}

}  // namespace

Value throttling(const Sources& sources, bool ignore_past) {
  const std::optional<std::int64_t> flags =
      read_integer(sources.path("/sys/devices/platform/soc/soc:firmware/get_throttled"), 16);
  if (!flags || *flags < 0) return nullptr;
  return Value::Object{
      {"ignore_past", ignore_past},
      {"parsed_flags", Value::Object{{"freq_capped", now_and_past(*flags, kFrequencyCappedBit)},
                                     {"throttled", now_and_past(*flags, kThrottledBit)},
                                     {"undervoltage", now_and_past(*flags, kUndervoltageBit)}}},
      {"raw_flags", *flags},
  };
}

}  // namespace backplane::kvm_info
