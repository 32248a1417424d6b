#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Step = EntryReader::Step;

constexpr int kWaitMs = 30'000;

Query following() {
  Query query;
  query.follow = true;
  return query;
}

// Reads until so many entries have come, waiting as a plugin's loop does; fewer where they do not come in time.
std::vector<std::string> wait_for(JournalReader& reader, std::size_t count) {
  std::vector<std::string> texts = read_on(reader).texts;
  while (texts.size() < count) {
    pollfd ready{reader.descriptor(), POLLIN, 0};
    if (poll(&ready, 1, kWaitMs) <= 0) return texts;
    reader.on_ready();
    for (std::string& text : read_on(reader).texts) texts.push_back(std::move(text));
  }
  return texts;
}

TEST(JournalFollow, OnlyAReaderThatFollowsHasADescriptor) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 1));
  EXPECT_EQ(reader_of(files)->descriptor(), -1);
  EXPECT_GE(reader_of(files, following())->descriptor(), 0);
}

TEST(JournalFollow, AnEntryThatIsAppendedComesAfterTheDescriptorWasReadable) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  const std::unique_ptr<JournalReader> reader = reader_of(files, following());
  const Messages before = read_on(*reader);
  EXPECT_THAT(before.texts, ElementsAre("message 0", "message 1"));
  EXPECT_EQ(before.end, Step::kEnd);
  files.write("system", said_in_turn(2, 2));
  EXPECT_THAT(wait_for(*reader, 2), ElementsAre("message 2", "message 3"));
  files.write("system", said_in_turn(4, 1));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 4"));
}

TEST(JournalFollow, FromTheEndOnlyWhatComesLaterIsRead) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 5));
  Query query = following();
  query.skip = -1;
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  EXPECT_THAT(read_on(*reader).texts, ElementsAre("message 4"));
  files.write("system", said_in_turn(5, 1));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 5"));
}

TEST(JournalFollow, WhereNothingPassedYetWhatComesLaterIsRead) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 5));
  Query query = following();
  query.skip = -10;
  query.units = {"later*"};
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  EXPECT_THAT(read_on(*reader).texts, IsEmpty());
  files.write("system", {said(6, "other"), {7, {{"MESSAGE", "first"}, {"_SYSTEMD_UNIT", "later-on.service"}}}});
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("first"));
}

TEST(JournalFollow, ARotatedJournalNeitherLosesNorRepeatsAnEntry) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 3));
  const std::unique_ptr<JournalReader> reader = reader_of(files, following());
  EXPECT_EQ(read_on(*reader).texts.size(), 3U);
  // As journald: the file gets another name, and a new one its name.
  files.write("system", said_in_turn(3, 1));
  std::filesystem::rename(files.file("system"), files.file("system@1"));
  files.write("system", said_in_turn(4, 2));
  EXPECT_THAT(wait_for(*reader, 3), ElementsAre("message 3", "message 4", "message 5"));
  files.write("system", said_in_turn(6, 1));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 6"));
}

TEST(JournalFollow, AFileThatIsNewIsReadOn) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  const std::unique_ptr<JournalReader> reader = reader_of(files, following());
  read_on(*reader);
  files.write("user-1000", said_in_turn(2, 2));
  EXPECT_THAT(wait_for(*reader, 2), ElementsAre("message 2", "message 3"));
}

TEST(JournalFollow, AVacuumedFileLosesAndRepeatsNothingOfTheOthers) {
  const JournalFiles files;
  files.write("old", said_in_turn(0, 3));
  files.write("system", said_in_turn(3, 2));
  const std::unique_ptr<JournalReader> reader = reader_of(files, following());
  Entry entry;
  ASSERT_EQ(reader->next(entry), Step::kEntry);
  std::filesystem::remove(files.file("old"));
  reader->on_ready();
  const std::vector<std::string> rest = read_on(*reader).texts;
  EXPECT_THAT(rest, testing::Contains("message 3"));
  EXPECT_THAT(rest, testing::Not(testing::Contains("message 0")));
  EXPECT_EQ(rest.back(), "message 4");
  files.write("system", said_in_turn(5, 1));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 5"));
}

TEST(JournalFollow, AFollowerOutlivesTheFileOfItsEntry) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  const std::unique_ptr<JournalReader> reader = reader_of(files, following());
  read_on(*reader);
  std::filesystem::remove(files.file("system"));
  reader->on_ready();
  EXPECT_THAT(read_on(*reader).texts, IsEmpty());
  files.write("new", said_in_turn(2, 1));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 2"));
}

TEST(JournalFollow, UntilEndsTheWalkWhenALaterEntryComes) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2));
  Query query = following();
  query.until_us = kBeginUs + 2 * kSecondUs;
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  EXPECT_EQ(read_on(*reader).end, Step::kEnd);
  files.write("system", said_in_turn(2, 2));
  EXPECT_THAT(wait_for(*reader, 1), ElementsAre("message 2"));
  EXPECT_EQ(read_on(*reader).end, Step::kFinished);
}

}  // namespace
}  // namespace backplane::log_stream
