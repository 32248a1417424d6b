#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fake_tree.hpp"
#include "kvm-info/system.hpp"

namespace backplane::kvm_info {
namespace {

using std::string_view_literals::operator""sv;

TEST(Platform, ComesFromTheDeviceTree) {
  FakeTree tree;
  tree.write("/proc/device-tree/model", "Xunlei OneCloud\0"sv);
  tree.write("/proc/device-tree/serial-number", "1000abcd\0"sv);
  const Platform platform(tree.sources(), "");
  EXPECT_EQ(platform.describe(3),
            Value(Value::Object{{"base", "Xunlei OneCloud"}, {"serial", "1000abcd"}, {"type", "rpi"}}));
  EXPECT_EQ(platform.describe(4), Value(Value::Object{{"base", "Xunlei OneCloud"},
                                                      {"board", nullptr},
                                                      {"model", nullptr},
                                                      {"serial", "1000ABCD"},
                                                      {"type", "rpi"},
                                                      {"video", nullptr}}));
  EXPECT_EQ(platform.problem(), "");
}

TEST(Platform, WithoutADeviceTreeItComesFromDmi) {
  FakeTree tree;
  tree.write("/sys/class/dmi/id/sys_vendor", "QEMU\n");
  tree.write("/sys/class/dmi/id/product_name", "Standard PC\n");
  tree.write("/sys/class/dmi/id/product_serial", "  \n");
  EXPECT_EQ(Platform(tree.sources(), "").describe(3),
            Value(Value::Object{{"base", "QEMU Standard PC"}, {"serial", nullptr}, {"type", "rpi"}}));
  tree.write("/sys/class/dmi/id/product_serial", "ab-1\n");
  tree.remove("/sys/class/dmi/id/sys_vendor");
  EXPECT_EQ(*Platform(tree.sources(), "").describe(3).find("base"), Value("Standard PC"));
  EXPECT_EQ(*Platform(tree.sources(), "").describe(4).find("serial"), Value("AB-1"));
}

TEST(Platform, NullsWhereNothingIsKnown) {
  FakeTree tree;
  EXPECT_EQ(Platform(tree.sources(), "").describe(3),
            Value(Value::Object{{"base", nullptr}, {"serial", nullptr}, {"type", "rpi"}}));
}

TEST(Platform, TheFileAddsModelVideoAndBoard) {
  FakeTree tree;
  const std::string file = tree.write("/platform", "PIKVM_MODEL=v3\n\n PIKVM_VIDEO = hdmi \r\nOTHER=1\nPIKVM_BOARD=\n");
  const Platform platform(tree.sources(), file);
  EXPECT_EQ(*platform.describe(4).find("model"), Value("v3"));
  EXPECT_EQ(*platform.describe(4).find("video"), Value("hdmi"));
  EXPECT_TRUE(platform.describe(4).find("board")->is_null());
  EXPECT_EQ(platform.describe(3).find("model"), nullptr);
}

TEST(Platform, AMissingFileIsNamedInTheProblem) {
  FakeTree tree;
  const Platform platform(tree.sources(), tree.path("/none"));
  EXPECT_EQ(platform.problem(), tree.path("/none") + ": the platform file cannot be read");
  EXPECT_TRUE(platform.describe(4).find("model")->is_null());
}

TEST(Sources, APipeOrADirectoryInPlaceOfAFileIsNotReadAndDoesNotBlock) {
  FakeTree tree;
  ASSERT_EQ(::mkfifo(tree.path("/pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_start(tree.path("/pipe"), 10), std::nullopt);
  EXPECT_EQ(read_start(tree.root(), 10), std::nullopt);
  EXPECT_EQ(read_start("/dev/zero", 10), std::nullopt);
}

TEST(Sources, NoMoreIsReadThanAskedFor) {
  FakeTree tree;
  EXPECT_EQ(read_start(tree.write("/long", std::string(100, 'a')), 7), std::string(7, 'a'));
}

}  // namespace
}  // namespace backplane::kvm_info
