#include "log-stream/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kPinRule = R"json(["pin=(\\d+)"])json";

std::string config(const std::string& units = R"(["kvmd-*", "janus"])", const std::string& rules = "[]",
                   const std::string& defaults = "true", const std::string& more = "") {
  return R"({"kvmd_enabled": false, "kvmd_units": )" + units + R"(, "mask_rules": )" + rules +
         R"(, "mask_defaults": )" + defaults + R"(, "filtered_followers_max": 7)" + more + "}";
}

std::string refusal(const std::string& json) {
  try {
    parse_settings(json);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "accepted";
}

bool hides(const Settings& settings, std::string text) {
  return settings.masks->apply(text);
}

TEST(Settings, AreReadAsTheSchemaHasThem) {
  const Settings settings =
      parse_settings(config("[\"kvmd-*\", \"janus\"]", "[]", "true", R"(, "directory": "/logs")"));
  EXPECT_FALSE(settings.kvmd_enabled);
  EXPECT_THAT(settings.kvmd_units, ElementsAre("kvmd-*", "janus.service"));
  EXPECT_EQ(settings.filtered_followers_max, 7U);
  EXPECT_EQ(settings.place.directory, "/logs");
}

TEST(Settings, WithoutADirectoryItIsTheJournalOfTheMachine) {
  EXPECT_EQ(parse_settings(config()).place.directory, "");
}

TEST(Settings, OwnRulesHideBesidesTheDefaults) {
  const Settings both = parse_settings(config("[]", kPinRule));
  EXPECT_TRUE(hides(both, "pin=1234"));
  EXPECT_TRUE(hides(both, "password=hunter2"));
  const Settings own = parse_settings(config("[]", kPinRule, "false"));
  EXPECT_TRUE(hides(own, "pin=1234"));
  EXPECT_FALSE(hides(own, "password=hunter2"));
}

TEST(Settings, ARuleThatIsNoneIsNamedByItsNumberInTheConfiguration) {
  EXPECT_THAT(refusal(config("[]", R"json(["pin=(\\d+)", "a(b"])json")), HasSubstr("2"));
  EXPECT_THAT(refusal(config("[]", R"(["no group"])")), HasSubstr("1"));
}

TEST(Settings, AUnitThatCannotBeIsNamed) {
  EXPECT_EQ(refusal(config(R"(["kvmd", "a/b"])")), "kvmd_units: \"a/b\" can be no unit of systemd");
}

}  // namespace
}  // namespace backplane::log_stream
