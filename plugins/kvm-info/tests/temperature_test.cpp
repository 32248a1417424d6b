#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/health.hpp"

namespace backplane::kvm_info {
namespace {

void add_zone(const FakeTree& tree, int number, std::string_view type, std::string_view temp) {
  const std::string zone = "/sys/class/thermal/thermal_zone" + std::to_string(number);
  if (!type.empty()) tree.write(zone + "/type", type);
  tree.write(zone + "/temp", temp);
}

TEST(Thermometer, WithoutAZoneThereIsNoTemperature) {
  FakeTree tree;
  EXPECT_EQ(Thermometer(tree.sources()).celsius(), std::nullopt);
}

TEST(Thermometer, ReadsThousandthsOfADegree) {
  FakeTree tree;
  add_zone(tree, 0, "acpitz\n", "57187\n");
  EXPECT_EQ(Thermometer(tree.sources()).celsius(), 57.187);
}

TEST(Thermometer, PrefersTheZoneOfTheProcessor) {
  FakeTree tree;
  add_zone(tree, 0, "gpu-thermal\n", "1000\n");
  add_zone(tree, 2, "soc-thermal\n", "2000\n");
  EXPECT_EQ(Thermometer(tree.sources()).celsius(), 2.0);
  add_zone(tree, 10, "x86_pkg_temp\n", "3000\n");
  EXPECT_EQ(Thermometer(tree.sources()).celsius(), 3.0);
  add_zone(tree, 11, "cpu-thermal\n", "4000\n");
  add_zone(tree, 12, "cpu-thermal\n", "5000\n");
  EXPECT_EQ(Thermometer(tree.sources()).celsius(), 4.0);
}

TEST(Thermometer, AZoneThatVanishesIsLookedForAgain) {
  FakeTree tree;
  add_zone(tree, 3, "cpu\n", "4000\n");
  Thermometer thermometer(tree.sources());
  EXPECT_EQ(thermometer.celsius(), 4.0);
  tree.remove("/sys/class/thermal/thermal_zone3");
  add_zone(tree, 0, "", "-1500\n");
  EXPECT_EQ(thermometer.celsius(), std::nullopt);
  EXPECT_EQ(thermometer.celsius(), -1.5);
}

TEST(Thermometer, NonsenseIsNoTemperature) {
  FakeTree tree;
  for (const char* text : {"", "\n", "hot", "12x", "99999999999999999999"}) {
    add_zone(tree, 0, "", text);
    EXPECT_EQ(Thermometer(tree.sources()).celsius(), std::nullopt) << text;
  }
}

constexpr const char* kThrottled = "/sys/devices/platform/soc/soc:firmware/get_throttled";

TEST(Throttling, NullWhereThePlatformHasNone) {
  FakeTree tree;
  EXPECT_TRUE(throttling(tree.sources(), false).is_null());
  tree.write(kThrottled, "none\n");
  EXPECT_TRUE(throttling(tree.sources(), false).is_null());
}

TEST(Throttling, SplitsTheFlagsIntoNowAndPast) {
  FakeTree tree;
  tree.write(kThrottled, "50001\n");
  const auto flag = [](bool now, bool past) { return Value(Value::Object{{"now", now}, {"past", past}}); };
  EXPECT_EQ(throttling(tree.sources(), true),
            Value(Value::Object{{"ignore_past", true},
                                {"parsed_flags", Value::Object{{"freq_capped", flag(false, false)},
                                                               {"throttled", flag(false, true)},
                                                               {"undervoltage", flag(true, true)}}},
                                {"raw_flags", 0x50001}}));
  tree.write(kThrottled, "0x20002\n");
  const Value capped = throttling(tree.sources(), false);
  EXPECT_EQ(*capped.find("parsed_flags")->find("freq_capped"), flag(true, true));
  EXPECT_EQ(*capped.find("ignore_past"), Value(false));
}

}  // namespace
}  // namespace backplane::kvm_info
