#include "kvm-info/thermometer.hpp"

#include <array>

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

constexpr std::array<std::string_view, 3> kProcessorWords{"cpu", "x86_pkg", "soc"};
constexpr double kMilli = 1000.0;

}  // namespace

std::optional<double> Thermometer::celsius() {
  if (zone_.empty()) zone_ = find_zone();
  const std::optional<std::int64_t> milli_celsius = read_integer(zone_);
  if (!milli_celsius) {
    zone_.clear();
    return std::nullopt;
  }
  return static_cast<double>(*milli_celsius) / kMilli;
}

std::string Thermometer::find_zone() const {
  const std::string directory = sources_.path("/sys/class/thermal");
  std::size_t best_word = kProcessorWords.size();
  std::string best = directory + "/thermal_zone0/temp";
  for (const std::string& zone : numbered_names(directory, "thermal_zone", "", kThermalZonesMax)) {
    const std::optional<std::string> type = read_attribute(directory + "/" + zone + "/type");
    if (!type) continue;
    for (std::size_t word = 0; word < best_word; ++word) {
      if (type->find(kProcessorWords[word]) == std::string::npos) continue;
      best_word = word;
      best = directory + "/" + zone + "/temp";
    }
  }
  return best;
}

}  // namespace backplane::kvm_info
