#include "log-stream/query/request_parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kNow = 1'795'408'777'000'000;
const std::string kCurrentBoot(32, 'c');
const std::string kBootBefore(32, 'b');

using Parameters = std::vector<std::pair<std::string, std::string>>;

sdk::Result<Query> parse(const Parameters& parameters, std::optional<std::string_view> range = std::nullopt,
                         const std::vector<std::string_view>& own = {}) {
  std::vector<bp_field> fields;
  for (const auto& [name, value] : parameters) fields.push_back({sdk::bytes(name), sdk::bytes(value)});
  const sdk::Fields all(bp_fields{fields.data(), fields.size(), sizeof(bp_field)});
  const QuerySource source{all,
                           range,
                           kNow,
                           kCurrentBoot,
                           [](std::int64_t index) { return index == -1 ? std::optional(kBootBefore) : std::nullopt; },
                           own};
  return parse_query(source);
}

Query query_of(const Parameters& parameters, std::optional<std::string_view> range = std::nullopt,
               const std::vector<std::string_view>& own = {}) {
  sdk::Result<Query> parsed = parse(parameters, range, own);
  if (const sdk::Failure* problem = parsed ? nullptr : &parsed.failure()) {
    ADD_FAILURE() << problem->text;
    return {};
  }
  return *std::move(parsed);
}

std::string refusal_of(const Parameters& parameters, std::optional<std::string_view> range = std::nullopt,
                       const std::vector<std::string_view>& own = {}) {
  const sdk::Result<Query> parsed = parse(parameters, range, own);
  const sdk::Failure* problem = parsed ? nullptr : &parsed.failure();
  if (problem == nullptr) return "";
  EXPECT_EQ(problem->status, 400);
  return problem->text;
}

TEST(QueryParser, NothingAskedIsEveryEntry) {
  const Query query = query_of({});
  EXPECT_TRUE(is_unfiltered(query));
  EXPECT_FALSE(query.follow);
  EXPECT_EQ(query.skip, 0);
}

TEST(QueryParser, SwitchesAreThoseOfSystemd) {
  for (const char* on : {"", "1", "yes", "Y", "true", "T", "ON"}) EXPECT_TRUE(query_of({{"follow", on}}).follow) << on;
  for (const char* off : {"0", "no", "N", "false", "f", "Off"}) EXPECT_FALSE(query_of({{"follow", off}}).follow) << off;
  EXPECT_THAT(refusal_of({{"follow", "2"}}), HasSubstr("follow"));
}

TEST(QueryParser, ABootIsTheCurrentOneOrOneByIdOrByIndex) {
  EXPECT_EQ(query_of({{"boot", ""}}).boot_id, kCurrentBoot);
  EXPECT_EQ(query_of({{"boot", "1"}}).boot_id, kCurrentBoot);
  EXPECT_EQ(query_of({{"boot", "true"}}).boot_id, kCurrentBoot);
  EXPECT_EQ(query_of({{"boot", "0"}}).boot_id, "");
  EXPECT_EQ(query_of({{"boot", "-1"}}).boot_id, kBootBefore);
  EXPECT_EQ(query_of({{"boot", "22ACFD419E004C7280EBE1413533A651"}}).boot_id, "22acfd419e004c7280ebe1413533a651");
  EXPECT_EQ(query_of({{"boot", "22acfd41-9e00-4c72-80eb-e1413533a651"}}).boot_id, "22acfd419e004c7280ebe1413533a651");
  for (const char* gone : {"-2", "-999999999"}) {
    EXPECT_THAT(refusal_of({{"boot", gone}}), AllOf(HasSubstr(gone), HasSubstr("/api/v1/logs/boots"))) << gone;
  }
  for (const char* wrong : {"2", "-0", "-1x", "+1", "22acfd419e004c7280ebe1413533a65", "x"}) {
    EXPECT_THAT(refusal_of({{"boot", wrong}}), HasSubstr("boot is")) << wrong;
  }
}

TEST(QueryParser, ALevelIsANumberOrAName) {
  const std::pair<const char*, int> rows[] = {{"0", 0},    {"7", 7},     {"emerg", 0},   {"alert", 1}, {"crit", 2},
                                              {"err", 3},  {"error", 3}, {"warning", 4}, {"warn", 4},  {"notice", 5},
                                              {"info", 6}, {"debug", 7}, {"ERR", 3}};
  for (const auto& [text, level] : rows) EXPECT_EQ(query_of({{"level", text}}).level, level) << text;
  for (const char* wrong : {"", "8", "-1", "07", "fatal", "err "}) {
    EXPECT_THAT(refusal_of({{"level", wrong}}), HasSubstr("level")) << wrong;
  }
}

TEST(QueryParser, AUnitGetsItsSuffixAndAPatternStays) {
  const Query query = query_of(
      {{"unit", "cgminer"}, {"unit", "dbus.socket"}, {"unit", "cg*"}, {"unit", "a.b"}, {"unit", "getty@tty1"}});
  EXPECT_THAT(query.units, ElementsAre("cgminer.service", "dbus.socket", "cg*", "a.b.service", "getty@tty1.service"));
}

TEST(QueryParser, SinceUntilAndGrepAreTaken) {
  const Query query = query_of({{"since", "-1h"}, {"until", "now"}, {"grep", "pool \\d+"}});
  EXPECT_EQ(query.since_us, kNow - 3'600'000'000);
  EXPECT_EQ(query.until_us, kNow);
  EXPECT_EQ(query.grep, "pool \\d+");
  EXPECT_THAT(refusal_of({{"since", "soon"}}), AllOf(HasSubstr("since"), HasSubstr("RFC 3339")));
  EXPECT_THAT(refusal_of({{"until", "-1h"}, {"since", "now"}}), HasSubstr("until is before since"));
  EXPECT_THAT(refusal_of({{"grep", "(a"}}), HasSubstr("grep"));
  EXPECT_THAT(refusal_of({{"grep", std::string(kGrepBytesMax + 1, 'a')}}), HasSubstr("grep"));
}

TEST(QueryParser, FieldsInCapitalsAreMatches) {
  const Query query = query_of({{"_SYSTEMD_UNIT", "a"}, {"MESSAGE_ID", ""}, {"_SYSTEMD_UNIT", "b"}});
  ASSERT_EQ(query.matches.size(), 3U);
  EXPECT_EQ(query.matches[0].name, "_SYSTEMD_UNIT");
  EXPECT_EQ(query.matches[2].value, "b");
  EXPECT_EQ(query.matches[1].value, "");
}

TEST(QueryParser, TheRangeHeaderIsTaken) {
  const Query query = query_of({{"follow", ""}}, "entries=:-2:2");
  EXPECT_EQ(query.skip, -2);
  EXPECT_EQ(query.count, 2U);
  EXPECT_THAT(refusal_of({}, "entries=x"), HasSubstr("Range"));
  EXPECT_THAT(refusal_of({{"since", "now"}}, "realtime=1:"), HasSubstr("since"));
  EXPECT_THAT(refusal_of({{"until", "1"}}, "realtime=2:"), HasSubstr("until is before since"));
}

TEST(QueryParser, DiscreteNeedsACursor) {
  EXPECT_TRUE(query_of({{"discrete", ""}}, "entries=s=a;i=1").discrete);
  EXPECT_THAT(refusal_of({{"discrete", ""}}), AllOf(HasSubstr("discrete"), HasSubstr("Range: entries=")));
}

TEST(QueryParser, ARouteMayHaveParametersOfItsOwn) {
  EXPECT_TRUE(is_unfiltered(query_of({{"format", "json"}}, std::nullopt, {"format"})));
  EXPECT_THAT(refusal_of({{"formt", "json"}}, std::nullopt, {"format"}), HasSubstr("did you mean \"format\""));
  EXPECT_THAT(refusal_of({{"format", "json"}}), HasSubstr("\"format\" is not known"));
}

TEST(QueryParser, AnUnknownParameterIsRefusedWithWhatMayBeMeant) {
  EXPECT_THAT(refusal_of({{"folow", ""}}), AllOf(HasSubstr("\"folow\""), HasSubstr("did you mean \"follow\"")));
  EXPECT_THAT(refusal_of({{"units", "a"}}), HasSubstr("did you mean \"unit\""));
  EXPECT_THAT(refusal_of({{"x", ""}}), AllOf(HasSubstr("\"x\" is not known"), testing::Not(HasSubstr("did you mean"))));
  EXPECT_THAT(refusal_of({{"_systemd_unit", "a"}}), HasSubstr("capital letters"));
  EXPECT_THAT(refusal_of({{"__CURSOR", "a"}}), HasSubstr("no field that can be matched"));
}

TEST(QueryParser, WhatCanStandOnceIsRefusedTwice) {
  for (const char* name : {"follow", "boot", "level", "since", "until", "grep"}) {
    EXPECT_THAT(refusal_of({{name, "1"}, {name, "1"}}), AllOf(HasSubstr(name), HasSubstr("more than once"))) << name;
  }
}

TEST(QueryParser, NumberAndLengthOfEverythingAreBounded) {
  EXPECT_EQ(query_of(Parameters(kUnitsMax, {"unit", "a"})).units.size(), kUnitsMax);
  EXPECT_THAT(refusal_of(Parameters(kUnitsMax + 1, {"unit", "a"})), HasSubstr("unit"));
  EXPECT_EQ(query_of(Parameters(kMatchesMax, {"A", "b"})).matches.size(), kMatchesMax);
  EXPECT_THAT(refusal_of(Parameters(kMatchesMax + 1, {"A", "b"})), HasSubstr("A is one field too many"));
  EXPECT_EQ(query_of({{"A", std::string(kMatchValueBytesMax, 'x')}}).matches.size(), 1U);
  EXPECT_THAT(refusal_of({{"A", std::string(kMatchValueBytesMax + 1, 'x')}}), HasSubstr("A is longer"));
  EXPECT_EQ(query_of({{std::string(kFieldNameBytesMax, 'A'), ""}}).matches.size(), 1U);
  EXPECT_LT(refusal_of({{std::string(100'000, 'A'), ""}}).size(), 500U);
  EXPECT_THAT(refusal_of({{"unit", std::string(kUnitNameBytesMax, 'a')}}), HasSubstr("unit"));
  EXPECT_LT(refusal_of({{"level", std::string(100'000, 'x')}}).size(), 500U);
}

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "--file=/etc/shadow",
      "$(id)",
      "`id`",
      "; id",
      "a\nb",
      std::string("a\0b", 3),
      std::string("\0", 1),
      "\xe2\x80\xae"
      "gpj",
      "%s%n",
      "../x",
      "\xff\xfe",
      "a b",
      "a=b",
  };
  return texts;
}

TEST(QueryParser, S31_HostileValuesOfAFieldStayWhatTheyAre) {
  for (const std::string& text : hostile_texts()) {
    const Query query = query_of({{"MESSAGE", text}});
    ASSERT_EQ(query.matches.size(), 1U);
    EXPECT_EQ(query.matches[0].value, text);
    EXPECT_EQ(query.matches[0].name, "MESSAGE");
  }
}

TEST(QueryParser, S31_HostileValuesOfOtherParametersAreRefusedAndNotRepeatedRaw) {
  for (const std::string& text : hostile_texts()) {
    for (const char* name : {"boot", "level", "unit", "since", "until", "follow", "discrete"}) {
      if (std::string_view(name) == "unit" && text.find_first_not_of("-./x") == std::string::npos) continue;
      const std::string refusal = refusal_of({{name, text}});
      EXPECT_THAT(refusal, testing::StartsWith(name)) << testing::PrintToString(text);
      EXPECT_EQ(refusal.find_first_of(std::string_view("\0\n\x7f", 3)), std::string::npos);
      EXPECT_EQ(refusal.find("\xe2\x80\xae"), std::string::npos);
      EXPECT_EQ(refusal.find('\xff'), std::string::npos);
    }
  }
}

TEST(QueryParser, S31_HostileNamesAreRefusedAndNotRepeatedRaw) {
  for (const std::string& text : hostile_texts()) {
    const std::string refusal = refusal_of({{text, "x"}});
    EXPECT_THAT(refusal, HasSubstr("is not known")) << testing::PrintToString(text);
    EXPECT_EQ(refusal.find_first_of(std::string_view("\0\n\x7f", 3)), std::string::npos);
    EXPECT_EQ(refusal.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST(QueryParser, S31_HostilePatternsOfUnitsStayPatternsOfNames) {
  EXPECT_THAT(query_of({{"unit", "--*"}}).units, ElementsAre("--*"));
  for (const char* text : {"*$(id)", "a*;id", "*\n", "* *", "{a,b}*", "/*", "*=*"}) {
    EXPECT_THAT(refusal_of({{"unit", text}}), HasSubstr("unit")) << text;
  }
}

}  // namespace
}  // namespace backplane::log_stream
