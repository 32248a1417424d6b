#include "kvm-info/settings.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace backplane::kvm_info {
namespace {

TEST(Settings, EveryKeyIsRead) {
  const Settings settings = parse_settings(
      R"({"fresh_ms": 0, "root_dir": "/host", "meta_file": "/m", "extras_dir": "/e", "extras_refresh_ms": 1000,
          "ports": {"a/b": 7}, "platform_file": "/p", "streamer_version": "6.40", "throttling_ignore_past": true})");
  EXPECT_EQ(settings.fresh_ms, 0);
  EXPECT_EQ(settings.root_dir, "/host");
  EXPECT_EQ(settings.meta_file, "/m");
  EXPECT_EQ(settings.extras_dir, "/e");
  EXPECT_EQ(settings.extras_refresh_ms, 1000);
  EXPECT_EQ(settings.ports.at("a/b"), Value(7));
  EXPECT_EQ(settings.platform_file, "/p");
  EXPECT_EQ(settings.streamer_version, "6.40");
  EXPECT_TRUE(settings.throttling_ignore_past);
}

TEST(Settings, MetaFromTwoPlacesIsRefused) {
  EXPECT_THROW(parse_settings(R"({"meta": {}, "meta_file": "/m"})"), std::invalid_argument);
}

TEST(Settings, MetaThatIsNestedTooDeeplyIsRefused) {
  std::string deep = "1";
  for (int i = 0; i < 20; ++i) deep = "{\"a\": " + deep + "}";
  EXPECT_THROW(parse_settings("{\"meta\": " + deep + "}"), std::invalid_argument);
}

}  // namespace
}  // namespace backplane::kvm_info
