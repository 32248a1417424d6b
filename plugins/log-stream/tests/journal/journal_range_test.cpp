// Where a reader begins and ends: skip, count, cursor, discrete, since and until.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Step = EntryReader::Step;

TEST(JournalRange, SkipAndCountAreThoseOfTheRangeHeader) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 6));
  EXPECT_THAT(messages_of(files, at("", 0, 2)), ElementsAre("message 0", "message 1"));
  EXPECT_THAT(messages_of(files, at("", 4)), ElementsAre("message 4", "message 5"));
  EXPECT_THAT(messages_of(files, at("", 1, 1)), ElementsAre("message 1"));
  EXPECT_THAT(messages_of(files, at("", -2, 2)), ElementsAre("message 4", "message 5"));
  EXPECT_THAT(messages_of(files, at("", -1)), ElementsAre("message 5"));
  EXPECT_THAT(messages_of(files, at("", -4, 2)), ElementsAre("message 2", "message 3"));
  EXPECT_THAT(messages_of(files, at("", 0, 0)), IsEmpty());
}

TEST(JournalRange, WhereThereAreFewerThanSkippedTheLastInThatDirectionIsTheFirst) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 3));
  EXPECT_THAT(messages_of(files, at("", 100)), ElementsAre("message 2"));
  EXPECT_THAT(messages_of(files, at("", -100, 2)), ElementsAre("message 0", "message 1"));
  EXPECT_THAT(messages_of(files, at("", std::numeric_limits<std::int64_t>::min(), 1)), ElementsAre("message 0"));
}

TEST(JournalRange, ACursorBeginsAtItsEntryAndSkipCountsFromThere) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 6));
  const std::string third = cursors_of(files).at(2);
  EXPECT_THAT(messages_of(files, at(third, 0, 2)), ElementsAre("message 2", "message 3"));
  EXPECT_THAT(messages_of(files, at(third, 1, 2)), ElementsAre("message 3", "message 4"));
  EXPECT_THAT(messages_of(files, at(third, -1, 2)), ElementsAre("message 1", "message 2"));
  EXPECT_THAT(messages_of(files, at(third, -2, 1)), ElementsAre("message 0"));
  EXPECT_THAT(messages_of(files, at(third, -9, 1)), ElementsAre("message 0"));
}

TEST(JournalRange, ACursorWhoseEntryIsGoneBeginsAtTheNearest) {
  const JournalFiles files;
  files.write("old", said_in_turn(0, 2));
  files.write("system", said_in_turn(2, 2));
  const std::string first = cursors_of(files).at(0);
  std::filesystem::remove(files.file("old"));
  EXPECT_THAT(messages_of(files, at(first)), ElementsAre("message 2", "message 3"));
}

TEST(JournalRange, DiscreteGivesTheEntryAtTheCursorOrNothing) {
  const JournalFiles files;
  files.write("old", said_in_turn(0, 2));
  files.write("system", said_in_turn(2, 2));
  const std::vector<std::string> cursors = cursors_of(files);
  std::filesystem::remove(files.file("old"));
  Query query = at(cursors.at(2));
  query.discrete = true;
  const std::unique_ptr<JournalReader> there = reader_of(files, query);
  const Messages found = read_on(*there);
  EXPECT_THAT(found.texts, ElementsAre("message 2"));
  EXPECT_EQ(found.end, Step::kFinished);
  query.cursor = cursors.at(0);
  const std::unique_ptr<JournalReader> gone = reader_of(files, query);
  const Messages none = read_on(*gone);
  EXPECT_THAT(none.texts, IsEmpty());
  EXPECT_EQ(none.end, Step::kFinished);
}

TEST(JournalRange, DiscreteGivesNothingWhereTheEntryDoesNotPass) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  Query query = at(cursors_of(files).at(0));
  query.discrete = true;
  query.grep = "message 1";
  EXPECT_THAT(messages_of(files, query), IsEmpty());
}

TEST(JournalRange, AReachedCountIsFinishedAndTheEndOfTheJournalIsNot) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  EXPECT_EQ(read_on(*reader_of(files, at("", 0, 2))).end, Step::kFinished);
  EXPECT_EQ(read_on(*reader_of(files, at("", 0, 3))).end, Step::kEnd);
}

TEST(JournalRange, SinceAndUntilAreInclusive) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 6));
  Query query;
  query.since_us = kBeginUs + 1 * kSecondUs;
  query.until_us = kBeginUs + 3 * kSecondUs;
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  const Messages messages = read_on(*reader);
  EXPECT_THAT(messages.texts, ElementsAre("message 1", "message 2", "message 3"));
  EXPECT_EQ(messages.end, Step::kFinished);
}

TEST(JournalRange, SkipHoldsWithinSinceAndUntil) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 8));
  Query query;
  query.since_us = kBeginUs + 2 * kSecondUs;
  query.until_us = kBeginUs + 5 * kSecondUs;
  query.skip = 1;
  EXPECT_THAT(messages_of(files, query), ElementsAre("message 3", "message 4", "message 5"));
  query.skip = -2;
  EXPECT_THAT(messages_of(files, query), ElementsAre("message 4", "message 5"));
  query.skip = -100;
  EXPECT_THAT(messages_of(files, query), ElementsAre("message 2", "message 3", "message 4", "message 5"));
  query.skip = 100;
  EXPECT_THAT(messages_of(files, query), ElementsAre("message 5"));
}

TEST(JournalRange, SkipCountsOnlyEntriesThatPass) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = 0; i < 10; ++i)
    entries.push_back(said(i, (i % 2 == 0 ? "even " : "odd ") + std::to_string(i)));
  files.write("system", entries);
  Query query;
  query.grep = "even";
  query.skip = -2;
  EXPECT_THAT(messages_of(files, query), ElementsAre("even 6", "even 8"));
  query.skip = 3;
  EXPECT_THAT(messages_of(files, query), ElementsAre("even 6", "even 8"));
  query.skip = 9;
  EXPECT_THAT(messages_of(files, query), ElementsAre("even 8"));
}

TEST(JournalRange, ACursorThatIsNoneIsAProblemOfTheRequest) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 1));
  for (const std::string& cursor :
       {std::string("x"), std::string("--help"), std::string("$(id)"), std::string("s=\0", 3)}) {
    const sdk::Failure problem = problem_of(files, at(cursor));
    EXPECT_EQ(problem.status, 400) << cursor;
    EXPECT_THAT(problem.text, HasSubstr("cursor"));
  }
}

}  // namespace
}  // namespace backplane::log_stream
