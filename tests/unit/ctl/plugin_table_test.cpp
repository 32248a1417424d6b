// The list of plugins as a table, one of them as a sentence, and what the daemon says of them.
#include <gtest/gtest.h>

#include "ctl/daemon_plugins.hpp"

namespace backplane::ctl {
namespace {

const PluginEntry kVideo = {
    "video-2", "video", "2.10.0", "degraded", "process", 4711, "the camera /dev/video1 is missing; plug it in"};

TEST(PluginTable, ShowsADashForWhatIsNotThere) {
  const PluginEntry info = {"kvm-info", "kvm-info", "1.0.0", "running", "thread", 0, ""};
  const PluginEntry refused = {"hid", "hid", "", "refused", "thread", 0, "no such manifest"};
  EXPECT_EQ(plugin_table({info, kVideo, refused}, 0),
            "INSTANCE  PLUGIN    VERSION  STATE     ISOLATION  PID   REASON\n"
            "kvm-info  kvm-info  1.0.0    running   thread     -\n"
            "video-2   video     2.10.0   degraded  process    4711  the camera /dev/video1 is missing; plug it in\n"
            "hid       hid       -        refused   thread     -     no such manifest\n");
}

TEST(PluginTable, WrapsReasonsToTheTerminal) {
  EXPECT_EQ(plugin_table({kVideo}, 80),
            "INSTANCE  PLUGIN  VERSION  STATE     ISOLATION  PID   REASON\n"
            "video-2   video   2.10.0   degraded  process    4711  the camera /dev/video1 is\n"
            "                                                      missing; plug it in\n");
}

TEST(PluginTable, WithoutPluginsThereAreOnlyHeadings) {
  EXPECT_EQ(plugin_table({}, 0), "INSTANCE  PLUGIN  VERSION  STATE  ISOLATION  PID  REASON\n");
}

TEST(PluginLine, SaysHowItIsWhereAndWhy) {
  EXPECT_EQ(plugin_line(kVideo),
            "plugin 'video-2' is degraded in process 4711: the camera /dev/video1 is missing; plug it in");
  EXPECT_EQ(plugin_line({"hid", "hid", "1.0.0", "running", "thread", 0, ""}), "plugin 'hid' is running");
}

TEST(PluginEntries, AreReadInTheDaemonsOrder) {
  const auto plugins = read_plugins(
      R"({"plugins":[{"instance":"b","plugin":"p","state":"running","reason":"","isolation":"process","pid":7,)"
      R"("version":"1.0.0","new_key":[]},{"instance":"a","plugin":"q","state":"refused","reason":"why",)"
      R"("isolation":"thread"}]})");
  ASSERT_TRUE(plugins);
  ASSERT_EQ(plugins->size(), 2U);
  EXPECT_EQ(plugins->at(0).instance, "b");
  EXPECT_EQ(plugins->at(0).pid, 7);
  EXPECT_EQ(plugins->at(0).version, "1.0.0");
  EXPECT_EQ(plugins->at(1).reason, "why");
  EXPECT_EQ(plugins->at(1).pid, 0);
  EXPECT_EQ(plugins->at(1).version, "");
}

TEST(PluginEntries, WhatIsNoneIsNotTakenForOne) {
  for (const char* body : {"", "[]", "<html>", R"({"plugins":{}})", R"({"plugins":[{"instance":"a"}]})"}) {
    EXPECT_FALSE(read_plugins(body)) << body;
    EXPECT_FALSE(read_plugin(body)) << body;
  }
}

}  // namespace
}  // namespace backplane::ctl
