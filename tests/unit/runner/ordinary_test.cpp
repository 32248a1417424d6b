// What an ordinary plugin does must work in the sandbox as it does outside.
#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

class Ordinary : public Probe {};

TEST_F(Ordinary, Threads) {
  EXPECT_EQ(said({"threads"}), "8");
}

TEST_F(Ordinary, LibrariesAreLoaded) {
  EXPECT_EQ(said({"load", "libanl.so.1"}), "ok");
  EXPECT_EQ(said({"load", "libssl.so.3"}), "ok");
}

TEST_F(Ordinary, ThePluginsFileIsLoadedAndItsNeighbourIsNot) {
  BACKPLANE_NEEDS_LANDLOCK();
  const std::string plugin = path("plugin.so");
  std::filesystem::copy_file(TEST_LIBRARY, plugin);
  EXPECT_EQ(said({"--library", plugin, "load", plugin}), "ok");
  EXPECT_NE(said({"load", plugin}).find("Permission denied"), std::string::npos);
}

TEST_F(Ordinary, ExceptionsAreCaught) {
  EXPECT_EQ(said({"throw"}), "ok");
}

TEST_F(Ordinary, TimersCountersAndSignalsAreWaitedFor) {
  EXPECT_EQ(said({"events"}), "ok");
}

}  // namespace
}  // namespace backplane::runner
