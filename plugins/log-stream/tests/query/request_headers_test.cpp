#include "log-stream/query/request_headers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"

namespace backplane::log_stream {
namespace {

TEST(Accept, ChoosesTheFormThatTheHeaderPrefers) {
  const std::pair<const char*, Format> cases[] = {
      {"", Format::kShort},
      {"*/*", Format::kShort},
      {"text/plain", Format::kShort},
      {"application/json", Format::kJson},
      {"APPLICATION/Json", Format::kJson},
      {"text/event-stream", Format::kEvents},
      {"application/vnd.fdo.journal", Format::kExport},
      {"image/png, application/json", Format::kJson},
      {"application/json, text/event-stream", Format::kJson},
      {"application/json;q=0.2, text/event-stream;q=0.7", Format::kEvents},
      {"application/json;q=0.25,text/event-stream;q=0.251", Format::kEvents},
      {"application/json; q=0.9, text/plain", Format::kShort},
      {"application/json;charset=utf-8;q=0.3", Format::kJson},
      {"application/json;q=0", Format::kShort},
      {"application/json;q=0.000, text/event-stream;q=0.001", Format::kEvents},
      {"application/json;q=", Format::kJson},
      {" \tapplication/json ,", Format::kJson},
      {",,;,", Format::kShort},
  };
  for (const auto& [header, format] : cases) EXPECT_EQ(accepted_format(header), format) << header;
}

TEST(Accept, KnowsEachFormByItsName) {
  EXPECT_EQ(named_format("text"), Format::kShort);
  EXPECT_EQ(named_format("json"), Format::kJson);
  EXPECT_EQ(named_format("events"), Format::kEvents);
  EXPECT_EQ(named_format("export"), Format::kExport);
  EXPECT_EQ(named_format("kvmd"), std::nullopt);
  EXPECT_EQ(named_format(""), std::nullopt);
}

using testing::HasSubstr;

const std::string kCursor = "s=a51b;i=7;b=22acfd419e004c7280ebe1413533a651;m=f4240;t=6610d4f5a3c9a;x=1b2c3d4e5f60718a";

struct Row {
  std::string header;
  std::string cursor;
  std::int64_t skip = 0;
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> since_us;
  std::optional<std::uint64_t> until_us;
};

TEST(RangeHeader, EveryFormOfGatewaydIsRead) {
  const Row rows[] = {
      {"entries=" + kCursor, kCursor},
      {"entries= " + kCursor + " ", kCursor},
      {"entries=" + kCursor + ":5", kCursor, 0, 5},
      {"entries=" + kCursor + ":2:5", kCursor, 2, 5},
      {"entries=" + kCursor + ":-2:5", kCursor, -2, 5},
      {"entries=:-2:2", "", -2, 2},
      {"entries=:+3:2", "", 3, 2},
      {"entries=:0:1", "", 0, 1},
      {"entries=:10", "", 0, 10},
      {"entries=", ""},
      {"entries=:-9223372036854775808:18446744073709551615", "", INT64_MIN, UINT64_MAX},
      {"realtime=100:200", "", 0, std::nullopt, 100'000'000, 200'000'000},
      {"realtime=100:", "", 0, std::nullopt, 100'000'000},
      {"realtime=:200", "", 0, std::nullopt, std::nullopt, 200'000'000},
      {"realtime=:", ""},
      {"realtime=100.5:200:7", "", 0, 7, 100'500'000, 200'000'000},
      {"realtime=100::-3:7", "", -3, 7, 100'000'000},
      {"realtime=::-3:7", "", -3, 7},
      {"bytes=0-99", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    Query query;
    EXPECT_FALSE(parse_range(row.header, query)) << row.header;
    EXPECT_EQ(query.cursor, row.cursor) << row.header;
    EXPECT_EQ(query.skip, row.skip) << row.header;
    EXPECT_EQ(query.count, row.count) << row.header;
    EXPECT_EQ(query.since_us, row.since_us) << row.header;
    EXPECT_EQ(query.until_us, row.until_us) << row.header;
  }
}

TEST(RangeHeader, S31_WhatIsNoneIsRefusedByName) {
  const std::string headers[] = {
      "entries=x",
      "entries=--help",
      "entries=$(id):1",
      std::string("entries=s=a\0;i=1", 16),
      "entries=s=a\n",
      "entries=s=\xe2\x80\xae",
      "entries=:0",
      "entries=:",
      "entries=:x",
      "entries=:-1",
      "entries=:1:",
      "entries=:x:1",
      "entries=:1:2:3",
      "entries=:1:0",
      "entries=:1 :2",
      "entries=:9223372036854775808:1",
      "entries=:1:18446744073709551616",
      "realtime=",
      "realtime=100",
      "realtime=x:",
      "realtime=:x",
      "realtime=200:100",
      "realtime=1:2:",
      "realtime=1:2:3:4:5",
      "realtime=-5:",
      "realtime=99999999999999:",
      "realtime=1.:2",
      "entries=" + std::string(kRangeBytesMax, 'a'),
      "entries=s=" + std::string(kCursorBytesMax, 'a'),
  };
  for (const std::string& header : headers) {
    Query query;
    const std::optional<sdk::Failure> problem = parse_range(header, query);
    ASSERT_TRUE(problem) << testing::PrintToString(header);
    EXPECT_EQ(problem->status, 400);
    EXPECT_THAT(problem->text, HasSubstr("Range"));
    for (const char c : problem->text) EXPECT_TRUE(c >= ' ' || c < 0) << testing::PrintToString(header);
  }
}

}  // namespace
}  // namespace backplane::log_stream
