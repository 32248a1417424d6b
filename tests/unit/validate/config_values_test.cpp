#include "validate/config_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json/config_check.hpp"

namespace backplane::validate {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const config::JsonValue kSchema = config::parse_json(R"({
  "type": "object", "required": ["port"], "additionalProperties": {"type": "boolean"},
  "properties": {
    "port": {"type": "integer", "minimum": 7, "maximum": 65535},
    "mode": {"type": "string", "enum": ["slow", "fast"], "default": "slow"},
    "word": {"type": ["string", "null"], "minLength": 2, "maxLength": 5},
    "zones": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "number", "minimum": 0.5}},
    "below": {"type": "object", "required": ["deep"], "properties": {"deep": {"type": "integer", "maximum": 3}}}
  }})")
                                      .value();
constexpr std::size_t kAll = 1000;

MATCHER(SchemaTakesIt, "") {
  return config::check_config(config::parse_config(arg, {}).value(), kSchema, {}).problems.empty();
}

TEST(ConfigValues, BoundsReachBothEndsOfEveryRule) {
  const auto configs = configs_at_bounds(kSchema, R"({"port": 80, "mode": "slow"})", kAll);
  for (const char* part : {R"("port":7,)", R"("port":65535,)", R"("mode":"fast")", R"("word":"aa")",
                           R"("word":"aaaaa")", R"("word":null)", R"("zones":[0.5])", R"("below":{"deep":3})"}) {
    EXPECT_THAT(configs, Contains(HasSubstr(part)));
  }
}

TEST(ConfigValues, WhatIsMadeAlwaysPassesTheSchema) {
  Random random(7);
  const auto bounds = configs_at_bounds(kSchema, R"({"port": 80})", kAll);
  const auto made = random_configs(kSchema, random, 200);
  EXPECT_THAT(bounds, Not(IsEmpty()));
  EXPECT_THAT(bounds, Each(SchemaTakesIt()));
  EXPECT_THAT(made, SizeIs(200));
  EXPECT_THAT(made, Each(SchemaTakesIt()));
}

TEST(ConfigValues, ASeedMakesTheSameAgainAndAnotherSeedOthers) {
  Random first(7);
  Random same(7);
  Random other(8);
  const auto configs = random_configs(kSchema, first, 20);
  EXPECT_EQ(configs, random_configs(kSchema, same, 20));
  EXPECT_NE(configs, random_configs(kSchema, other, 20));
}

TEST(ConfigValues, TooManyBoundsAreThinnedOutOverAllMembers) {
  const auto configs = configs_at_bounds(kSchema, R"({"port": 80})", 10);
  EXPECT_THAT(configs, SizeIs(10));
  EXPECT_THAT(configs, Contains(HasSubstr("\"port\":7,")));
  EXPECT_THAT(configs, Contains(HasSubstr("\"below\"")));
}

TEST(ConfigValues, ASchemaThatAllowsNothingGivesNothing) {
  Random random(1);
  EXPECT_THAT(configs_at_bounds(config::no_config_schema(), "{}", kAll), IsEmpty());
  EXPECT_THAT(random_configs(config::no_config_schema(), random, 50), IsEmpty());
}

}  // namespace
}  // namespace backplane::validate
