#include <gtest/gtest.h>

#include "log-stream/formats/text_formats.hpp"
#include "support/entries.hpp"

namespace backplane::log_stream {
namespace {

// Every time in a long walk, forth and back, is what the C library says.
void expect_as_the_library(const char* zone, std::time_t begin, std::time_t step, int count) {
  const TimeZone time_zone(zone);
  LocalTime month_first(LocalTime::Form::kMonthFirst);
  LocalTime year_first(LocalTime::Form::kYearFirst);
  for (int i = 0; i < 2 * count; ++i) {
    const std::time_t time = begin + step * (i < count ? i : 2 * count - i);
    std::tm calendar{};
    localtime_r(&time, &calendar);
    char expected[64];
    ASSERT_GT(std::strftime(expected, sizeof expected, "%b %d %H:%M:%S", &calendar), 0U);
    ASSERT_EQ(month_first.text(static_cast<std::uint64_t>(time) * 1'000'000 + 999'999), expected) << zone;
    ASSERT_GT(std::strftime(expected, sizeof expected, "%Y-%m-%d %H:%M:%S", &calendar), 0U);
    ASSERT_EQ(year_first.text(static_cast<std::uint64_t>(time) * 1'000'000), expected) << zone;
  }
}

TEST(LocalTime, IsThatOfTheZoneAlsoWhereClocksAreChanged) {
  const char* berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
  expect_as_the_library("UTC", 1732300865, 1, 200);
  expect_as_the_library(berlin, 1711846500, 7, 1000);  // into summer time
  expect_as_the_library(berlin, 1729989000, 7, 1000);  // and back
  expect_as_the_library("NST3:30", 1732300865, 13, 1000);
  expect_as_the_library("LMT0:44:30", 1732300865, 1, 200);  // not whole minutes off
  expect_as_the_library("UTC", 0, 86399, 400);
}

TEST(LocalTime, ATimeNoClockCanMeanIsTheLastOfTheYear9999) {
  const TimeZone zone("UTC");
  EXPECT_TRUE(LocalTime(LocalTime::Form::kYearFirst).text(~std::uint64_t{0}).starts_with("9999-"));
}

}  // namespace
}  // namespace backplane::log_stream
