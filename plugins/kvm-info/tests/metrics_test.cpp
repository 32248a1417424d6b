#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/info.hpp"

namespace backplane::kvm_info {
namespace {

std::string export_of(const FakeTree& tree, int api_version) {
  Settings settings = parse_settings("{}");
  settings.root_dir = tree.root();
  Info info(settings, {api_version, true});
  std::string text;
  append_metrics(text, "pikvm_hw", info.health());
  append_metrics(text, "pikvm_fan", info.fan());
  return text;
}

void fill(const FakeTree& tree) {
  tree.write("/sys/class/thermal/thermal_zone0/temp", "57187\n");
  tree.write("/sys/devices/platform/soc/soc:firmware/get_throttled", "10000\n");
  tree.write("/proc/stat", "cpu 1 1 1 1\n");
  tree.write("/proc/meminfo", "MemTotal: 4 kB\nMemAvailable: 1 kB\n");
}

TEST(Metrics, Version3IsWhatKvmdExports) {
  FakeTree tree;
  fill(tree);
  EXPECT_EQ(export_of(tree, 3),
            "# TYPE pikvm_hw_temp_cpu gauge\npikvm_hw_temp_cpu 57.187\n\n"
            "# TYPE pikvm_hw_throttling_ignore_past gauge\npikvm_hw_throttling_ignore_past 0\n\n"
            "# TYPE pikvm_hw_throttling_freq_capped_now gauge\npikvm_hw_throttling_freq_capped_now 0\n\n"
            "# TYPE pikvm_hw_throttling_freq_capped_past gauge\npikvm_hw_throttling_freq_capped_past 0\n\n"
            "# TYPE pikvm_hw_throttling_throttled_now gauge\npikvm_hw_throttling_throttled_now 0\n\n"
            "# TYPE pikvm_hw_throttling_throttled_past gauge\npikvm_hw_throttling_throttled_past 0\n\n"
            "# TYPE pikvm_hw_throttling_undervoltage_now gauge\npikvm_hw_throttling_undervoltage_now 0\n\n"
            "# TYPE pikvm_hw_throttling_undervoltage_past gauge\npikvm_hw_throttling_undervoltage_past 1\n\n"
            "# TYPE pikvm_hw_throttling_raw_flags gauge\npikvm_hw_throttling_raw_flags 65536\n\n"
            "# TYPE pikvm_fan_monitored gauge\npikvm_fan_monitored 0\n");
}

TEST(Metrics, Version4AddsProcessorAndMemory) {
  FakeTree tree;
  fill(tree);
  const std::string text = export_of(tree, 4);
  EXPECT_TRUE(
      text.starts_with("# TYPE pikvm_hw_cpu_percent gauge\npikvm_hw_cpu_percent 0\n\n"
                       "# TYPE pikvm_hw_mem_available gauge\npikvm_hw_mem_available 1024\n\n"
                       "# TYPE pikvm_hw_mem_percent gauge\npikvm_hw_mem_percent 75.0\n\n"
                       "# TYPE pikvm_hw_mem_total gauge\npikvm_hw_mem_total 4096\n\n"))
      << text;
}

TEST(Metrics, WhatIsNotKnownIsLeftOut) {
  FakeTree tree;
  EXPECT_EQ(export_of(tree, 4), "# TYPE pikvm_fan_monitored gauge\npikvm_fan_monitored 0\n");
}

TEST(Metrics, TheFansStateIsExported) {
  FakeTree tree;
  tree.write("/sys/class/hwmon/hwmon0/fan1_input", "1410\n");
  const std::string text = export_of(tree, 3);
  EXPECT_NE(text.find("# TYPE pikvm_fan_state_hall_rpm gauge\npikvm_fan_state_hall_rpm 1410\n"), std::string::npos);
  EXPECT_NE(text.find("pikvm_fan_state_fan_ok 1\n"), std::string::npos);
}

}  // namespace
}  // namespace backplane::kvm_info
