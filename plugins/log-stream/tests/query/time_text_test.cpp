#include "log-stream/query/time_text.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <string>

namespace backplane::log_stream {
namespace {

constexpr std::uint64_t kSecond = 1'000'000;
constexpr std::uint64_t kNow = 1'795'408'777 * kSecond + 250'000;  // 2026-11-23 04:39:37.25 UTC

// Five hours and a half east of Greenwich, without summer time: no whole hour hides a mistake.
class TimeText : public testing::Test {
 protected:
  TimeText() {
    setenv("TZ", "XXX-5:30", 1);
    tzset();
  }
  ~TimeText() override {
    unsetenv("TZ");
    tzset();
  }
};

TEST_F(TimeText, EveryFormIsRead) {
  const std::pair<std::string, std::uint64_t> rows[] = {
      {"now", kNow},
      {"today", 1'795'372'200 * kSecond},
      {"yesterday", 1'795'285'800 * kSecond},
      {"-15m", kNow - 900 * kSecond},
      {"-2h", kNow - 7'200 * kSecond},
      {"-1d", kNow - 86'400 * kSecond},
      {"-1w", kNow - 604'800 * kSecond},
      {"-30s", kNow - 30 * kSecond},
      {"+30s", kNow + 30 * kSecond},
      {"-999999d", 0},
      {"0", 0},
      {"1795408777", 1'795'408'777 * kSecond},
      {"@1795408777", 1'795'408'777 * kSecond},
      {"1795408777.5", 1'795'408'777 * kSecond + 500'000},
      {"@1.0000019", kSecond + 1},
      {"2026-11-23T04:39:37Z", 1'795'408'777 * kSecond},
      {"2026-11-23t04:39:37z", 1'795'408'777 * kSecond},
      {"2026-11-23T04:39:37.25Z", kNow},
      {"2026-11-23T06:39:37+02:00", 1'795'408'777 * kSecond},
      {"2026-11-22T23:09:37-05:30", 1'795'408'777 * kSecond},
      {"2026-11-23 04:39:37Z", 1'795'408'777 * kSecond},
      {"2026-11-23 10:09:37", 1'795'408'777 * kSecond},
      {"2026-11-23 10:09", 1'795'408'740 * kSecond},
      {"2026-11-23T10:09:37.25", kNow},
      {"2026-11-23", 1'795'372'200 * kSecond},
      {"2024-02-29T00:00:00Z", 1'709'164'800 * kSecond},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(parse_time(text, kNow), expected) << text;
}

TEST_F(TimeText, S31_WhatIsNoTimeIsRefused) {
  const std::string texts[] = {"",
                               "tomorrow",
                               "NOW",
                               "-",
                               "-m",
                               "-15",
                               "-15x",
                               "-15mm",
                               "-15 m",
                               "--15m",
                               "-99999999999999999999s",
                               "-18446744073709551615w",
                               "@",
                               "@-1",
                               "@1x",
                               "1.",
                               "1e9",
                               "99999999999999",
                               "2026-11-23T",
                               "2026-11-23T04",
                               "2026-11-23T04:39:37+0200",
                               "2026-11-23T04:39:37 02:00",
                               "2026-11-23T04:39:37ZZ",
                               "2026-11-23T24:00:00Z",
                               "2026-11-23T04:60:00Z",
                               "2026-11-23T04:39:37.Z",
                               "2026-13-01",
                               "2026-02-30",
                               "2025-02-29",
                               "1969-12-31",
                               "1970-01-01T00:00:00+01:00",
                               "2026-1-1",
                               "26-01-01",
                               "23.11.2026",
                               "$(date)",
                               "`date`",
                               "now\n",
                               " now",
                               "-1d;id",
                               "\xe2\x80\xae"
                               "now",
                               std::string("now\0", 4),
                               std::string("\0", 1),
                               std::string(1000, '1')};
  for (const std::string& text : texts) EXPECT_EQ(parse_time(text, kNow), std::nullopt) << testing::PrintToString(text);
}

}  // namespace
}  // namespace backplane::log_stream
