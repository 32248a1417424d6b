#include "log-stream/masks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

using testing::HasSubstr;

std::string masked(const Masks& masks, std::string text) {
  const bool found = masks.finds(text);
  EXPECT_EQ(masks.apply(text), found) << text;
  return text;
}

std::string problem_of(const std::vector<std::string>& rules) {
  try {
    const Masks masks(rules);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "none";
}

TEST(Masks, WhatTheGroupCapturesIsReplacedWhereverItIsFound) {
  const Masks masks({R"(pin=(\d+))"});
  EXPECT_EQ(masked(masks, "pin=1 pin=22, nopin=333."), "pin=*** pin=***, nopin=***.");
  EXPECT_EQ(masked(masks, "pin=x"), "pin=x");
  EXPECT_EQ(masked(masks, ""), "");
}

TEST(Masks, RulesWorkOneAfterTheOther) {
  const Masks masks({"a(b+)", "(c+)d", "x(y)"});
  EXPECT_EQ(masked(masks, "ccd abb"), "***d a***");
}

TEST(Masks, NoRulesHideNothing) {
  EXPECT_EQ(masked(Masks(std::vector<std::string>()), "password=x"), "password=x");
}

TEST(Masks, EmptyCapturesAndEmptyMatchesEndAndHideNothing) {
  EXPECT_EQ(masked(Masks({"pin=(\\d*)"}), "pin=, pin=7"), "pin=, pin=***");
  EXPECT_EQ(masked(Masks({"(x*)"}), "axxb"), "a***b");
  EXPECT_EQ(masked(Masks({"()"}), "abc"), "abc");
  EXPECT_EQ(masked(Masks({"(a)|b|"}), "bcab"), "bc***b");
}

TEST(Masks, AMatchWhoseGroupTookNoPartIsAnException) {
  const Masks masks({R"(pin=none|pin=(\w+))"});
  EXPECT_EQ(masked(masks, "pin=none pin=abc"), "pin=none pin=***");
}

TEST(Masks, BeginningsAndWordBordersMeanTheWholeTextAfterAMatchAsWell) {
  EXPECT_EQ(masked(Masks({R"(^(a))"}), "aaa"), "***aa");
  EXPECT_EQ(masked(Masks({R"(\b(a))"}), "aa a"), "***a ***");
}

TEST(Masks, S31NoByteMakesASecretSlipThrough) {
  const Masks masks({R"(pin=(\S+))"});
  for (int byte = 0; byte < 256; ++byte) {
    const auto character = static_cast<char>(byte);
    if (byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v')) continue;  // where \S ends
    std::string text = "pin=12";
    text += character;
    text += "34";
    EXPECT_EQ(masked(masks, text), "pin=***") << byte;
    EXPECT_EQ(masked(masks, character + std::string("pin=12")), character + std::string("pin=***")) << byte;
  }
}

TEST(Masks, RulesMayHoldOtherScripts) {
  EXPECT_EQ(masked(Masks({"Kennw\u00f6rt: (.+)"}), "Kennw\u00f6rt: \u00e4\u00f6"), "Kennw\u00f6rt: ***");
}

TEST(Masks, ARuleThatIsNoneIsRefusedWithItsNumberAndTheReason) {
  EXPECT_THAT(problem_of({"(a)", "(b"}), HasSubstr("mask rule 2 is no RE2 expression: missing )"));
  EXPECT_THAT(problem_of({"(a)(b)"}), HasSubstr("mask rule 1 has 2 capture groups"));
  EXPECT_THAT(problem_of({"(a)", "(a)", "b"}), HasSubstr("mask rule 3 has 0 capture groups"));
  EXPECT_EQ(problem_of({"(?:a)(?P<secret>b)"}), "none");
}

TEST(Masks, RulesHaveBounds) {
  EXPECT_EQ(problem_of(std::vector<std::string>(kMaskRulesMax, "(a)")), "none");
  EXPECT_THAT(problem_of(std::vector<std::string>(kMaskRulesMax + 1, "(a)")), HasSubstr("use at most 64"));
  EXPECT_EQ(problem_of({"(" + std::string(kMaskRuleBytesMax - 2, 'a') + ")"}), "none");
  EXPECT_THAT(problem_of({"(a)", "(" + std::string(kMaskRuleBytesMax - 1, 'a') + ")"}),
              HasSubstr("mask rule 2 has 2049 bytes"));
  EXPECT_THAT(problem_of({"((?:(?:a{1,100}){1,100}){1,100})"}), HasSubstr("mask rule 1 "));
  std::string large;
  for (int i = 0; i < 10; ++i) large += "(?:[a-z]{1,50}x){15}";
  EXPECT_EQ(problem_of({"(" + large + ")"}), "none");
  EXPECT_THAT(problem_of(std::vector<std::string>(kMaskRulesMax, "(" + large + ")")), HasSubstr("fewer or shorter"));
}

TEST(Masks, ATextThatLeadsThroughMoreStatesThanAreKeptIsStillSearched) {
  // Every letter may begin a match, so that the automaton has another state at nearly every place.
  std::vector<std::string> rules;
  for (const char* letter : {"a", "b", "c", "d", "e", "f", "g", "h"})
    rules.push_back(std::string(letter) + "([^~]{60}=)~");
  const Masks masks(rules);
  std::string text;
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i)
    text += static_cast<char>('a' + ((state = state * 1664525U + 1013904223U) >> 24U) % 8);
  const std::string secret = std::string(60, 'x') + "=";
  EXPECT_EQ(masked(masks, text + "a" + secret + "~"), text + "a***~");
}

TEST(Masks, CoverWhatSomebodyWroteAndLeaveFactsOfTheSystemAlone) {
  for (const char* name : {"MESSAGE", "_CMDLINE", "SYSLOG_RAW", "SYSLOG_IDENTIFIER", "OWN_FIELD", "COREDUMP_CMDLINE",
                           "CODE_SECRET", "_AUDIT_FIELD_CMD"}) {
    EXPECT_TRUE(Masks::covers(name)) << name;
  }
  for (const char* name : {"PRIORITY", "SYSLOG_FACILITY", "SYSLOG_PID", "CODE_FILE", "CODE_LINE", "CODE_FUNC",
                           "MESSAGE_ID", "_PID", "_COMM", "_HOSTNAME", "__CURSOR"}) {
    EXPECT_FALSE(Masks::covers(name)) << name;
  }
}

TEST(Masks, AllCoveredFieldsOfAnEntryAreMasked) {
  const Masks masks({R"(pin=(\d+))"});
  Entry entry;
  entry.add("MESSAGE", "pin=1 and more");
  entry.add("_COMM", "pin=2");
  entry.add("_CMDLINE", "x pin=3456789");
  entry.add("OWN", "pin=4");
  entry.add("MESSAGE", "again pin=5");
  EXPECT_TRUE(masks.apply(entry));
  EXPECT_EQ(entry.field(0).value, "pin=*** and more");
  EXPECT_EQ(entry.field(1).value, "pin=2");
  EXPECT_EQ(entry.field(2).value, "x pin=***");
  EXPECT_EQ(entry.field(3).value, "pin=***");
  EXPECT_EQ(entry.field(4).value, "again pin=***");
}

TEST(Masks, AnEntryWithoutSecretsIsLeftAlone) {
  const Masks masks(Masks::defaults());
  Entry entry;
  entry.add("MESSAGE", "Accepted 123 at diff 4096");
  entry.add("OWN", "x");
  EXPECT_FALSE(masks.apply(entry));
  EXPECT_EQ(entry.find("MESSAGE"), "Accepted 123 at diff 4096");
}

TEST(Masks, TheCursorLosesTheHashThatWouldConfirmAGuess) {
  const Masks masks({"Password: (.*)"});
  Entry entry;
  entry.cursor = "s=73eca6a2ef7844ab;i=a;b=22acfd419e004c72;m=253bf98c0;t=660eb8de0a214;x=5ee071811df12f9";
  masks.apply(entry);
  EXPECT_EQ(entry.cursor, "s=73eca6a2ef7844ab;i=a;b=22acfd419e004c72;m=253bf98c0;t=660eb8de0a214");
  masks.apply(entry);
  EXPECT_EQ(entry.cursor, "s=73eca6a2ef7844ab;i=a;b=22acfd419e004c72;m=253bf98c0;t=660eb8de0a214");
}

TEST(Masks, AFieldThatIsNamedLikeASecretIsHiddenWhole) {
  const Masks masks(Masks::defaults());
  Entry entry;
  entry.add("POOL_PASSWORD", "a secret with blanks");
  entry.add("API_KEY", "");
  entry.add("TOKENS", "5");
  EXPECT_TRUE(masks.apply(entry));
  EXPECT_EQ(entry.find("POOL_PASSWORD"), "***");
  EXPECT_EQ(entry.find("TOKENS"), "5");
}

TEST(Masks, ACursorLosesItsHashWhereverItStands) {
  EXPECT_EQ(Masks::without_hash("s=a;i=1;x=2"), "s=a;i=1");
  EXPECT_EQ(Masks::without_hash("x=2;s=a;x=3;i=1"), "s=a;i=1");
  EXPECT_EQ(Masks::without_hash("s=a;i=1"), "s=a;i=1");
  EXPECT_EQ(Masks::without_hash(""), "");
}

}  // namespace
}  // namespace backplane::log_stream
