#include "kvm-info/fan.hpp"

#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

constexpr double kPwmFull = 255;
constexpr std::string_view kInputSuffix = "_input";

}  // namespace

Value Fan::describe(std::optional<double> celsius, double now_s) {
  if (tachometers_.empty()) search(now_s);
  const std::optional<Reading> reading = read();
  if (!reading) {
    tachometers_.clear();
    return Value::Object{{"monitored", false}, {"state", nullptr}};
  }
  if (!reading->ok) last_fail_s_ = now_s;
  const std::int64_t pwm = reading->pwm.value_or(0);
  return Value::Object{
      {"monitored", true},
      {"state",
       Value::Object{
           {"fan", Value::Object{{"last_fail_ts", last_fail_s_},
                                 {"ok", reading->ok},
                                 {"pwm", pwm},
                                 {"speed", static_cast<double>(pwm) / kPwmFull * 100}}},
           {"hall", Value::Object{{"available", true}, {"rpm", reading->rpm}}},
           {"service", Value::Object{{"now_ts", now_s}}},
           {"temp", Value::Object{{"fixed", celsius}, {"real", celsius}}},
       }},
  };
}

void Fan::search(double now_s) {
  if (searched_s_ >= 0 && now_s - searched_s_ < kFanSearchIntervalS) return;
  searched_s_ = now_s;
  const std::string devices = sources_.path("/sys/class/hwmon");
  for (const std::string& device : numbered_names(devices, "hwmon", "", kHwmonDevicesMax)) {
    const std::string directory = devices + "/" + device + "/";
    for (const std::string& name : numbered_names(directory, "fan", kInputSuffix, kFansPerDeviceMax)) {
      const std::string fan = name.substr(0, name.size() - kInputSuffix.size());  // "fan2"
      tachometers_.push_back({directory + name, directory + fan + "_fault", directory + fan + "_alarm",
                              directory + "pwm" + fan.substr(3)});
    }
  }
}

std::optional<Fan::Reading> Fan::read() const {
  std::optional<Reading> shown;
  for (const Tachometer& tachometer : tachometers_) {
    const std::optional<Reading> reading = read(tachometer);
    if (!reading) continue;
    if (!shown || !reading->ok) shown = reading;
    if (!reading->ok) break;
  }
  return shown;
}

std::optional<Fan::Reading> Fan::read(const Tachometer& tachometer) {
  const std::optional<std::int64_t> rpm = read_integer(tachometer.input);
  if (!rpm) return std::nullopt;
  Reading reading;
  reading.rpm = *rpm;
  reading.pwm = read_integer(tachometer.pwm);
  const bool should_turn = reading.pwm && *reading.pwm > 0;  // without a pwm nobody knows whether it should
  const bool reported =
      read_integer(tachometer.fault).value_or(0) != 0 || read_integer(tachometer.alarm).value_or(0) != 0;
  reading.ok = !reported && (*rpm > 0 || !should_turn);
  return reading;
}

}  // namespace backplane::kvm_info
