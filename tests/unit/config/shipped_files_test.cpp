// The files that the package ships are right, and say what the program does.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::IsEmpty;
using Shipped = ConfigTest;

const std::filesystem::path kFolder = BACKPLANE_CONFIG_DIR;

TEST_F(Shipped, BackplaneYamlLoadsClean) {
  const auto outcome = load(kFolder / "backplane.yaml");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  EXPECT_EQ(outcome.settings->listen.size(), 3U);
  EXPECT_EQ(outcome.settings->plugins.size(), 2U);
}

TEST_F(Shipped, DemoYamlLoadsCleanAndStaysOnThisMachine) {
  const auto outcome = load(kFolder / "demo.yaml");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  for (const auto& listen : outcome.settings->listen) {
    EXPECT_TRUE(listen.kind == ListenSettings::Kind::kUnix || listen.address.is_loopback()) << listen.where;
  }
  EXPECT_EQ(outcome.settings->listen[0].port, 8443);
  EXPECT_EQ(outcome.settings->listen[1].unix_path, "backplane.sock");
  EXPECT_EQ(outcome.settings->plugins[0].instance, "kvm-info");
}

TEST_F(Shipped, TheValuesWrittenInBackplaneYamlAreTheDefaults) {
  const auto outcome = load(kFolder / "backplane.yaml");
  ASSERT_TRUE(outcome.settings);
  const Settings& file = *outcome.settings;
  const Settings defaults;
  EXPECT_EQ(file.auth.throttle, defaults.auth.throttle);
  EXPECT_EQ(file.auth.passwords, defaults.auth.passwords);
  for (const auto door : {&SessionSettings::kvmd, &SessionSettings::dragonmint, &SessionSettings::gravwell}) {
    EXPECT_EQ((file.auth.sessions.*door).lifetime_s, (defaults.auth.sessions.*door).lifetime_s);
    EXPECT_EQ((file.auth.sessions.*door).idle_s, (defaults.auth.sessions.*door).idle_s);
  }
  EXPECT_EQ(file.compat.kvmd.api_version, defaults.compat.kvmd.api_version);
  EXPECT_EQ(file.compat.kvmd.logout, defaults.compat.kvmd.logout);
  EXPECT_EQ(file.compat.kvmd.redirects, defaults.compat.kvmd.redirects);
  EXPECT_EQ(file.compat.dragonmint.http_status, defaults.compat.dragonmint.http_status);
  EXPECT_EQ(file.compat.gravwell.token_format, defaults.compat.gravwell.token_format);
  EXPECT_EQ(file.compat.gravwell.login_failure_status, defaults.compat.gravwell.login_failure_status);
  EXPECT_EQ(file.plugin_dirs, defaults.plugin_dirs);
  EXPECT_EQ(file.log.level, defaults.log.level);
  EXPECT_EQ(file.log.access, defaults.log.access);
  EXPECT_EQ(file.listen.back().mode, ListenSettings().mode);
}

TEST_F(Shipped, EveryCommentedKeyOfBackplaneYamlIsAKey) {
  // Uncomments "  # key: value" lines and loads the result, so that the comments cannot rot.
  std::ifstream in(kFolder / "backplane.yaml");
  std::ostringstream out;
  for (std::string line; std::getline(in, line);) {
    const auto sign = line.find_first_not_of(' ');
    const bool commented = sign != std::string::npos && line.compare(sign, 2, "# ") == 0;
    const bool key = commented && line.find(": ", sign) != std::string::npos && line[sign + 2] != ' ' && sign > 0;
    const bool deeper = commented && sign > 0 && line.compare(sign, 4, "#   ") == 0;
    if (line.find("# tls: {") != std::string::npos) continue;  // stands beside its alternative
    out << (key || deeper ? line.erase(sign, 2) : line) << "\n";
  }
  const std::string text = out.str();
  EXPECT_NE(text.find("\n  video-2:"), std::string::npos);
  EXPECT_NE(text.find("\n    isolation: process"), std::string::npos);
  EXPECT_NE(text.find("\n  - address: \"127.0.0.1\""), std::string::npos);
  EXPECT_NE(text.find("\n  name: bench-7"), std::string::npos);
  EXPECT_THAT(problems_of(text), IsEmpty());
}

}  // namespace
}  // namespace backplane::config
