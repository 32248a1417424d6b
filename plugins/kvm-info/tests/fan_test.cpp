#include "kvm-info/fan.hpp"

#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

const Value kNone = Value::Object{{"monitored", false}, {"state", nullptr}};

TEST(Fan, AMachineWithoutOneSaysNotMonitored) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon0/temp1_input", "1\n");
  EXPECT_EQ(Fan(tree.sources()).describe(std::nullopt, 1), kNone);
}

TEST(Fan, IsDescribedAsKvmdsFanDaemonDoes) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon1/fan1_input", "1410\n");
  tree.write("/sys/class/hwmon/hwmon1/pwm1", "51\n");
  EXPECT_EQ(
      Fan(tree.sources()).describe(43.5, 100.25),
      Value(Value::Object{
          {"monitored", true},
          {"state",
           Value::Object{{"fan", Value::Object{{"last_fail_ts", -1.0}, {"ok", true}, {"pwm", 51}, {"speed", 20.0}}},
                         {"hall", Value::Object{{"available", true}, {"rpm", 1410}}},
                         {"service", Value::Object{{"now_ts", 100.25}}},
                         {"temp", Value::Object{{"fixed", 43.5}, {"real", 43.5}}}}}}));
}

Value fan_state(const Value& described, std::string_view part, std::string_view key) {
  return *described.find("state")->find(part)->find(key);
}

TEST(Fan, OneThatShouldTurnAndDoesNotHasFailedAndTheTimeIsKept) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "0\n");
  tree.write("/sys/class/hwmon/hwmon0/pwm1", "255\n");
  Fan fan(tree.sources());
  const Value stopped = fan.describe(std::nullopt, 7);
  EXPECT_EQ(fan_state(stopped, "fan", "ok"), Value(false));
  EXPECT_EQ(fan_state(stopped, "fan", "last_fail_ts"), Value(7.0));
  EXPECT_TRUE(fan_state(stopped, "temp", "real").is_null());
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "900\n");
  const Value turning = fan.describe(std::nullopt, 8);
  EXPECT_EQ(fan_state(turning, "fan", "ok"), Value(true));
  EXPECT_EQ(fan_state(turning, "fan", "last_fail_ts"), Value(7.0));
}

TEST(Fan, OneThatIsSwitchedOffIsWell) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "0\n");
  tree.write("/sys/class/hwmon/hwmon0/pwm1", "0\n");
  EXPECT_EQ(fan_state(Fan(tree.sources()).describe(std::nullopt, 1), "fan", "ok"), Value(true));
}

TEST(Fan, OfSeveralTheOneThatFailedIsShown) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "1000\n");
  tree.write("/sys/class/hwmon/hwmon2/fan2_input", "2000\n");
  Fan fan(tree.sources());
  EXPECT_EQ(fan_state(fan.describe(std::nullopt, 1), "hall", "rpm"), Value(1000));
  tree.write("/sys/class/hwmon/hwmon2/fan2_fault", "1\n");
  EXPECT_EQ(fan_state(fan.describe(std::nullopt, 1), "hall", "rpm"), Value(2000));
  EXPECT_EQ(fan_state(fan.describe(std::nullopt, 1), "fan", "ok"), Value(false));
}

TEST(Fan, OneThatAppearsLaterIsFoundAtTheNextSearch) {
  FakeTree tree;
  Fan fan(tree.sources());
  EXPECT_EQ(fan.describe(std::nullopt, 10), kNone);
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "1000\n");
  EXPECT_EQ(fan.describe(std::nullopt, 11), kNone);
  EXPECT_EQ(*fan.describe(std::nullopt, 10 + kFanSearchIntervalS).find("monitored"), Value(true));
}

}  // namespace
}  // namespace backplane::kvm_info
