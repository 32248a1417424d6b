#include "log-stream/host_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/daemon_lines.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Step = EntryReader::Step;

class HostLogTest : public testing::Test {
 protected:
  HostLogTest() {
    lines_.add("starting", 6);
    lines_.add("careful", 4);
    lines_.add("broken", 3);
  }
  static Query with(const std::function<void(Query&)>& change) {
    Query query;
    change(query);
    return query;
  }
  std::vector<std::string> texts(const std::function<void(Query&)>& change) const { return lines_.texts(with(change)); }

  DaemonLines lines_;
};

TEST_F(HostLogTest, ALineLooksLikeAnEntryOfTheJournal) {
  Entry entry;
  ASSERT_EQ(lines_.reader()->next(entry), Step::kEntry);
  EXPECT_EQ(entry.realtime_us, kBeginUs);
  EXPECT_EQ(entry.boot_id, kBootA);
  EXPECT_EQ(entry.find("MESSAGE"), "starting");
  EXPECT_EQ(entry.find("PRIORITY"), "6");
  EXPECT_EQ(entry.find("SYSLOG_IDENTIFIER"), "backplaned");
  EXPECT_EQ(entry.find("_SYSTEMD_UNIT"), "backplaned.service");
  EXPECT_EQ(entry.find("_HOSTNAME"), "miner");
}

TEST_F(HostLogTest, WhatIsNoLineIsLeftOut) {
  for (const char* item : {"", "{", "[]", "7", "{}", R"({"text": "x"})", R"({"time_us": 1})",
                           R"({"time_us": -1, "text": "x"})", R"({"time_us": 1, "text": 5})"}) {
    lines_.log().add(item);
  }
  EXPECT_EQ(lines_.texts().size(), 3U);
}

TEST_F(HostLogTest, ALineWithoutAPriorityIsInformational) {
  DaemonLines lines;
  lines.log().add(R"({"time_us": 1, "text": "x"})");
  Entry entry;
  ASSERT_EQ(lines.reader()->next(entry), Step::kEntry);
  EXPECT_EQ(entry.find("PRIORITY"), "6");
}

TEST_F(HostLogTest, KeepsTheNewestLinesUpToTheBound) {
  lines_.add_in_turn(kHostLogLinesMax);
  EXPECT_EQ(lines_.texts().size(), kHostLogLinesMax);
  EXPECT_EQ(lines_.texts().front(), "line 3");
}

TEST_F(HostLogTest, KeepsNoMoreThanItsBytes) {
  const std::string text(kHostLogBytesMax / 4, 'x');
  for (int i = 0; i < 6; ++i) lines_.add(text);
  EXPECT_THAT(lines_.texts(), ElementsAre(text, text, text, text));
}

TEST_F(HostLogTest, EachFilterLetsThroughWhatItNames) {
  EXPECT_THAT(texts([](Query& query) { query.level = 4; }), ElementsAre("careful", "broken"));
  EXPECT_THAT(texts([](Query& query) { query.since_us = kBeginUs + kSecondUs; }), ElementsAre("careful", "broken"));
  EXPECT_THAT(texts([](Query& query) { query.until_us = kBeginUs + kSecondUs; }), ElementsAre("starting", "careful"));
  EXPECT_THAT(texts([](Query& query) { query.grep = "^b|ING"; }), ElementsAre("broken"));
  EXPECT_THAT(texts([](Query& query) { query.grep = "^b|ing"; }), ElementsAre("starting", "broken"));
  EXPECT_THAT(texts([](Query& query) { query.boot_id = kBootB; }), IsEmpty());
  EXPECT_EQ(texts([](Query& query) { query.boot_id = kBootA; }).size(), 3U);
  EXPECT_EQ(texts([](Query& query) { query.units = {"x.service", "backplane*"}; }).size(), 3U);
  EXPECT_THAT(texts([](Query& query) { query.units = {"x.service"}; }), IsEmpty());
  EXPECT_THAT(texts([](Query& query) { query.count = 2; }), ElementsAre("starting", "careful"));
}

TEST_F(HostLogTest, OfOneFieldAnyValueAndOfEachFieldOneMustMatch) {
  EXPECT_THAT(texts([](Query& query) {
                query.matches = {{"PRIORITY", "3"}, {"PRIORITY", "6"}};
              }),
              ElementsAre("starting", "broken"));
  EXPECT_THAT(texts([](Query& query) { query.matches = {{"PRIORITY", "3"}, {"MESSAGE", "starting"}}; }), IsEmpty());
  EXPECT_THAT(texts([](Query& query) {
                query.matches = {{"PRIORITY", "3"}, {"_HOSTNAME", "miner"}};
              }),
              ElementsAre("broken"));
}

TEST_F(HostLogTest, APatternThatIsNoneIsRefused) {
  const auto opened = lines_.log().open(with([](Query& query) { query.grep = "(x"; }), nullptr);
  ASSERT_TRUE(!opened);
  EXPECT_EQ(opened.failure().status, 400);
}

TEST_F(HostLogTest, SkipGoesOnFromTheOldestAndBackFromTheNewest) {
  EXPECT_THAT(lines_.texts(at("", 1)), ElementsAre("careful", "broken"));
  EXPECT_THAT(lines_.texts(at("", -1)), ElementsAre("broken"));
  EXPECT_THAT(lines_.texts(at("", -2, 1)), ElementsAre("careful"));
  EXPECT_EQ(lines_.texts(at("", -9)).size(), 3U);
  EXPECT_THAT(lines_.texts(at("", 9)), ElementsAre("broken"));
}

TEST_F(HostLogTest, SkipCountsWhatPassesAlone) {
  Query query = at("", -1);
  query.level = 4;
  lines_.add("talk", 7);
  EXPECT_THAT(lines_.texts(query), ElementsAre("broken"));
}

TEST_F(HostLogTest, ACursorIsThePlaceOfItsLine) {
  const std::string second = lines_.cursors()[1];
  EXPECT_THAT(lines_.texts(at(second)), ElementsAre("careful", "broken"));
  EXPECT_THAT(lines_.texts(at(second, 1)), ElementsAre("broken"));
  EXPECT_EQ(lines_.texts(at(second, -1)).size(), 3U);
}

TEST_F(HostLogTest, DiscreteGivesTheLineAtTheCursorOrNothing) {
  const std::string second = lines_.cursors()[1];
  Query query = at(second);
  query.discrete = true;
  EXPECT_THAT(lines_.texts(query), ElementsAre("careful"));
  lines_.add_in_turn(kHostLogLinesMax);
  EXPECT_THAT(lines_.texts(query), IsEmpty());
}

TEST_F(HostLogTest, ACursorOfALineThatIsGoneBeginsAtTheOldest) {
  const std::string first = lines_.cursors()[0];
  lines_.add_in_turn(kHostLogLinesMax);
  EXPECT_EQ(lines_.texts(at(first)).front(), "line 3");
}

TEST_F(HostLogTest, ACursorOfAJournalIsRefused) {
  for (const char* cursor : {"s=1;i=2", "h=", "h=xyz", "h=1;i=2"}) {
    const auto opened = lines_.log().open(at(cursor), nullptr);
    ASSERT_TRUE(!opened) << cursor;
    EXPECT_EQ(opened.failure().status, 400);
  }
}

TEST_F(HostLogTest, ACursorMeansTheSameLineWhenTheLinesAreGivenAgain) {
  const std::string second = lines_.cursors()[1];
  DaemonLines again;
  const auto reader = again.reader(at(second, 1));
  again.log().add(daemon_item(kBeginUs, "starting"));
  again.log().add(daemon_item(kBeginUs + kSecondUs, "careful"));
  again.log().add(daemon_item(kBeginUs + 2 * kSecondUs, "broken"));
  EXPECT_EQ(again.cursors()[1], second);
  EXPECT_THAT(read_on(*reader).texts, ElementsAre("broken"));
}

TEST_F(HostLogTest, LinesOfTheSameTimeHaveEachTheirOwnCursor) {
  DaemonLines lines;
  for (const char* text : {"a", "b", "c"}) lines.log().add(daemon_item(kBeginUs, text));
  EXPECT_THAT(lines.texts(at(lines.cursors()[1])), ElementsAre("b", "c"));
}

TEST_F(HostLogTest, AFollowerGetsWhatComes) {
  const auto reader = lines_.reader();
  EXPECT_EQ(read_on(*reader).texts.size(), 3U);
  lines_.add("next");
  const Messages more = read_on(*reader);
  EXPECT_THAT(more.texts, ElementsAre("next"));
  EXPECT_EQ(more.end, Step::kEnd);
}

TEST_F(HostLogTest, AFollowerOfNothingYetGetsAllThatComes) {
  for (const std::int64_t skip : {0, -1, -5}) {
    DaemonLines lines;
    const auto reader = lines.reader(at("", skip));
    EXPECT_THAT(read_on(*reader).texts, IsEmpty());
    lines.add("first");
    lines.add("second");
    EXPECT_THAT(read_on(*reader).texts, ElementsAre("first", "second"));
  }
}

TEST_F(HostLogTest, TheEndOfAQueryEndsItsReader) {
  EXPECT_EQ(read_on(*lines_.reader(at("", 0, 3))).end, Step::kFinished);
  EXPECT_EQ(read_on(*lines_.reader(with([](Query& query) { query.until_us = kBeginUs; }))).end, Step::kFinished);
}

TEST_F(HostLogTest, ASearchPausesForOthers) {
  for (int i = 0; i < 4; ++i) lines_.add(std::string(kSearchedPerSlice, 'x'));
  Query query;
  query.grep = "no such text";
  Entry entry;
  EXPECT_EQ(lines_.reader(query)->next(entry), Step::kPause);
  query.skip = -1;
  EXPECT_EQ(lines_.reader(query)->next(entry), Step::kPause);
}

TEST_F(HostLogTest, WhatIsMaskedIsHiddenAndCannotBeSearchedFor) {
  const Masks masks({"pin=(\\d+)"});
  lines_.add("pin=1234");
  EXPECT_EQ(lines_.texts({}, &masks).back(), "pin=***");
  Query query;
  query.grep = "1234";
  EXPECT_THAT(lines_.texts(query, &masks), IsEmpty());
  EXPECT_THAT(lines_.texts(query), ElementsAre("pin=1234"));
}

TEST_F(HostLogTest, ClearingLeavesReadersAtTheEnd) {
  const auto reader = lines_.reader();
  lines_.log().clear();
  EXPECT_THAT(read_on(*reader).texts, IsEmpty());
  lines_.add("next");
  EXPECT_THAT(read_on(*reader).texts, ElementsAre("next"));
}

}  // namespace
}  // namespace backplane::log_stream
