#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/health.hpp"
#include "kvm-info/system.hpp"

namespace backplane::kvm_info {
namespace {

TEST(CpuLoad, IsTheBusyPartOfTheTimeSinceTheLastCall) {
  FakeTree tree;
  tree.write("/proc/stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1 2 3 4\n");
  CpuLoad load(tree.sources());
  tree.write("/proc/stat", "cpu  120 10 120 830 10 5 5 0 7 0\n");  // 100 ticks, 40 of them idle or waiting
  EXPECT_EQ(load.percent(), 60);
  tree.write("/proc/stat", "cpu  120 10 120 930 10 5 5 0 7 0\n");
  EXPECT_EQ(load.percent(), 0);
}

TEST(CpuLoad, AStretchTooShortKeepsTheLastFigure) {
  FakeTree tree;
  tree.write("/proc/stat", "cpu  0 0 0 0 0 0 0 0\n");
  CpuLoad load(tree.sources());
  tree.write("/proc/stat", "cpu  50 0 0 50 0 0 0 0\n");
  EXPECT_EQ(load.percent(), 50);
  tree.write("/proc/stat", "cpu  55 0 0 50 0 0 0 0\n");
  EXPECT_EQ(load.percent(), 50);
  tree.write("/proc/stat", "cpu  150 0 0 50 0 0 0 0\n");
  EXPECT_EQ(load.percent(), 100);
}

TEST(CpuLoad, CountersThatGoBackBeginAnew) {
  FakeTree tree;
  tree.write("/proc/stat", "cpu  100 0 0 900 0 0 0 0\n");
  CpuLoad load(tree.sources());
  tree.write("/proc/stat", "cpu  200 0 0 850 0 0 0 0\n");
  EXPECT_EQ(load.percent(), 0);
  tree.write("/proc/stat", "cpu  300 0 0 850 0 0 0 0\n");
  EXPECT_EQ(load.percent(), 100);
}

TEST(CpuLoad, OldKernelsWithFourColumnsAreRead) {
  FakeTree tree;
  tree.write("/proc/stat", "cpu 0 0 0 0\n");
  CpuLoad load(tree.sources());
  tree.write("/proc/stat", "cpu 25 0 0 75\n");
  EXPECT_EQ(load.percent(), 25);
}

TEST(CpuLoad, NothingWhereTheFileIsMissingOrNonsense) {
  FakeTree tree;
  EXPECT_EQ(CpuLoad(tree.sources()).percent(), std::nullopt);
  for (const char* text : {"", "intr 5\n", "cpu  1 2\n", "cpu  a b c d\n"}) {
    tree.write("/proc/stat", text);
    EXPECT_EQ(CpuLoad(tree.sources()).percent(), std::nullopt) << text;
  }
}

Value memory_of(Value available, Value percent, Value total) {
  return Value::Object{{"available", available}, {"percent", percent}, {"total", total}};
}

TEST(Memory, IsInBytesAndPercentWithOneDecimal) {
  FakeTree tree;
  tree.write("/proc/meminfo", "MemTotal:        3000 kB\nMemFree:  10 kB\nMemAvailable:   2000 kB\n");
  EXPECT_EQ(memory(tree.sources()), memory_of(2000 * 1024, 33.3, 3000 * 1024));
}

TEST(Memory, OldKernelsGetAnEstimate) {
  FakeTree tree;
  tree.write("/proc/meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 350 kB\n");
  EXPECT_EQ(memory(tree.sources()), memory_of(500 * 1024, 50.0, 1000 * 1024));
}

TEST(Memory, NullsWhereItIsNotKnown) {
  FakeTree tree;
  const Value unknown = memory_of(nullptr, nullptr, nullptr);
  EXPECT_EQ(memory(tree.sources()), unknown);
  for (const char* text : {"MemTotal: 0 kB\nMemAvailable: 0 kB\n", "MemTotal: many kB\nMemAvailable: 1 kB\n",
                           "MemTotal: 5 kB\n", "MemTotal: -5 kB\nMemAvailable: 1 kB\n"}) {
    tree.write("/proc/meminfo", text);
    EXPECT_EQ(memory(tree.sources()), unknown) << text;
  }
}

Value uptime_of(int days, int hours, int minutes, int seconds, int total) {
  return Value::Object{
      {"parts", Value::Object{{"days", days}, {"hours", hours}, {"minutes", minutes}, {"seconds", seconds}}},
      {"total", total}};
}

TEST(Uptime, IsSplitIntoParts) {
  FakeTree tree;
  tree.write("/proc/uptime", "93784.99 1234.5\n");
  EXPECT_EQ(uptime(tree.sources()), uptime_of(1, 2, 3, 4, 93784));
}

TEST(Uptime, ZeroWhereItIsNotKnown) {
  FakeTree tree;
  EXPECT_EQ(uptime(tree.sources()), uptime_of(0, 0, 0, 0, 0));
  tree.write("/proc/uptime", "long\n");
  EXPECT_EQ(uptime(tree.sources()), uptime_of(0, 0, 0, 0, 0));
}

TEST(Kernel, NamesTheRunningSystem) {
  EXPECT_EQ(*kernel().find("system"), Value("Linux"));
  for (const char* key : {"machine", "release", "version"}) EXPECT_NE(kernel().find(key)->string()->size(), 0U) << key;
  EXPECT_FALSE(host_name().empty());
}

}  // namespace
}  // namespace backplane::kvm_info
