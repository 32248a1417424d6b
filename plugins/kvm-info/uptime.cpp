#include "kvm-info/uptime.hpp"

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {

Value uptime(const Sources& sources) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  const std::string text = read_start(sources.path("/proc/uptime"), kAttributeBytesMax).value_or("");
  const std::int64_t total = std::max<std::int64_t>(
      parse_integer(std::string_view(text).substr(0, text.find_first_of(". \n"))).value_or(0), 0);
  return Value::Object{
      {"parts", Value::Object{{"days", total / kDay},
                              {"hours", total % kDay / kHour},
                              {"minutes", total % kHour / kMinute},
                              {"seconds", total % kMinute}}},
      {"total", total},
  };
}

}  // namespace backplane::kvm_info
