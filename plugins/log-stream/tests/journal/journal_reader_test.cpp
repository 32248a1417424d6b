#include "log-stream/journal/journal_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "log-stream/limits.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using Step = EntryReader::Step;

TEST(JournalReader, EntriesComeOldestFirstWithAllTheirFields) {
  const JournalFiles files;
  files.write("system", {said(5, "hello"), {6, {{"MESSAGE", "again"}, {"CUSTOM", "x"}, {"CUSTOM", "y"}}}});
  const std::unique_ptr<JournalReader> reader = reader_of(files);
  Entry entry;
  ASSERT_EQ(reader->next(entry), Step::kEntry);
  EXPECT_EQ(entry.realtime_us, kBeginUs + 5 * kSecondUs);
  EXPECT_EQ(entry.monotonic_us, 6 * kSecondUs);
  EXPECT_EQ(entry.boot_id, kBootA);
  EXPECT_THAT(entry.cursor, testing::StartsWith("s="));
  EXPECT_EQ(entry.find("MESSAGE"), "hello");
  EXPECT_EQ(entry.find("_SYSTEMD_UNIT"), "cgminer.service");
  ASSERT_EQ(reader->next(entry), Step::kEntry);
  std::set<std::string> custom;
  for (std::size_t i = 0; i < entry.size(); ++i) {
    if (entry.field(i).name == "CUSTOM") custom.emplace(entry.field(i).value);
  }
  EXPECT_EQ(custom, (std::set<std::string>{"x", "y"}));
  EXPECT_EQ(entry.find("PRIORITY"), "");
  EXPECT_EQ(reader->next(entry), Step::kEnd);
}

TEST(JournalReader, ForTextOnlyTheFieldsOfTextAreRead) {
  const JournalFiles files;
  files.write("system", {{1,
                          {{"MESSAGE", "m"},
                           {"PRIORITY", "3"},
                           {"_HOSTNAME", "h"},
                           {"SYSLOG_IDENTIFIER", "i"},
                           {"_COMM", "c"},
                           {"_PID", "1"},
                           {"SYSLOG_PID", "2"},
                           {"_SYSTEMD_UNIT", "u"},
                           {"_SOURCE_REALTIME_TIMESTAMP", "3"},
                           {"MESSAGE_ID", "no"},
                           {"_PIDX", "no"},
                           {"CUSTOM", "no"}}}});
  Entry entry;
  ASSERT_EQ(reader_of(files, {}, Fields::kText)->next(entry), Step::kEntry);
  std::set<std::string> names;
  for (std::size_t i = 0; i < entry.size(); ++i) names.emplace(entry.field(i).name);
  EXPECT_EQ(names, (std::set<std::string>{"MESSAGE", "PRIORITY", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "_PID",
                                          "SYSLOG_PID", "_SYSTEMD_UNIT", "_SOURCE_REALTIME_TIMESTAMP"}));
  EXPECT_EQ(entry.cursor, "");
  EXPECT_EQ(entry.boot_id, kBootA);
}

TEST(JournalReader, SeveralFilesAreReadAsOneByTime) {
  const JournalFiles files;
  files.write("user-1000", {said(2, "two"), said(4, "four")});
  files.write("system", {said(1, "one"), said(3, "three"), said(5, "five")});
  EXPECT_THAT(messages_of(files), ElementsAre("one", "two", "three", "four", "five"));
}

TEST(JournalReader, BinaryAndMultiLineValuesComeAsTheyAre) {
  const JournalFiles files;
  const std::string binary("\x00\xff\n=\x01", 5);
  files.write("system", {{1, {{"MESSAGE", "first\nsecond\n\tthird"}, {"BLOB", binary}}}});
  Entry entry;
  ASSERT_EQ(reader_of(files)->next(entry), Step::kEntry);
  EXPECT_EQ(entry.find("MESSAGE"), "first\nsecond\n\tthird");
  EXPECT_EQ(entry.find("BLOB"), binary);
}

TEST(JournalReader, AFieldOfTheBoundComesWholeAndALongerOneIsCutAndMarked) {
  const JournalFiles files;
  files.write("system", {{1, {{"MESSAGE", std::string(kFieldBytesMax, 'a')}}},
                         {2, {{"MESSAGE", std::string(kFieldBytesMax + 1, 'b')}}},
                         {3, {{"MESSAGE", std::string(4 * kFieldBytesMax, 'c')}}},
                         {4, {{"MESSAGE", "a" + [] {
                                 std::string text;
                                 for (std::size_t i = 0; i < kFieldBytesMax; ++i) text += "ä";
                                 return text;
                               }()}}}});
  const std::vector<std::string> messages = messages_of(files);
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[0], std::string(kFieldBytesMax, 'a'));
  EXPECT_EQ(messages[1], std::string(kFieldBytesMax, 'b') + "[…]");
  EXPECT_EQ(messages[2], std::string(kFieldBytesMax, 'c') + "[…]");
  EXPECT_THAT(messages[3], testing::EndsWith("ä[…]"));
}

TEST(JournalReader, AnEntryIsBoundedHoweverManyLongFieldsItHas) {
  const JournalFiles files;
  WrittenEntry large{1, {{"MESSAGE", "m"}}};
  for (int i = 0; i < 40; ++i)
    large.fields.emplace_back("BLOB" + std::to_string(i), std::string(60'000, 'x') + std::to_string(i));
  files.write("system", {large});
  Entry entry;
  ASSERT_EQ(reader_of(files)->next(entry), Step::kEntry);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < entry.size(); ++i) bytes += entry.field(i).value.size();
  EXPECT_EQ(entry.size(), 42U);  // and _BOOT_ID
  EXPECT_LE(bytes, kEntryBytesMax + 42 * std::string_view("[…]").size());
}

TEST(JournalReader, TwentyThousandEntriesComeEachOnceAndInOrder) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 20'000));
  const std::unique_ptr<JournalReader> reader = reader_of(files, {}, Fields::kText);
  const Messages messages = read_on(*reader);
  EXPECT_EQ(messages.end, Step::kEnd);
  ASSERT_EQ(messages.texts.size(), 20'000U);
  for (std::size_t i = 0; i < messages.texts.size(); ++i) ASSERT_EQ(messages.texts[i], "message " + std::to_string(i));
}

TEST(JournalReader, ALongStretchThatDoesNotPassIsReadWithPauses) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2 * kScannedPerSlice + 10));
  Query query;
  query.grep = "nothing says this";
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  Entry entry;
  int pauses = 0;
  Step step = reader->next(entry);
  for (; step == Step::kPause; step = reader->next(entry)) ++pauses;
  EXPECT_EQ(step, Step::kEnd);
  EXPECT_GE(pauses, 2);
}

TEST(JournalReader, LongTextsThatDoNotPassAreSearchedWithPauses) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = 0; i < 5; ++i) entries.push_back(said(i, std::string(kSearchedPerSlice / 2, 'x')));
  files.write("system", entries);
  Query query;
  query.grep = "nothing says this";
  const std::unique_ptr<JournalReader> reader = reader_of(files, query);
  Entry entry;
  EXPECT_EQ(reader->next(entry), Step::kPause);
  EXPECT_EQ(reader->next(entry), Step::kPause);
  EXPECT_EQ(reader->next(entry), Step::kEnd);
}

TEST(JournalReader, ALongWayBackIsGoneWithPauses) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, 2 * kScannedPerSlice));
  const std::unique_ptr<JournalReader> reader = reader_of(files, at("", -1'000'000));
  Entry entry;
  EXPECT_EQ(reader->next(entry), Step::kPause);
  EXPECT_EQ(read_on(*reader).texts.size(), 2 * kScannedPerSlice);
}

}  // namespace
}  // namespace backplane::log_stream
