#include "log-stream/entry.hpp"

#include <backplane/ext/feed.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/entries.hpp"

namespace backplane::log_stream {
namespace {

TEST(Entry, AValueIsReplacedByAShorterALongerAndNoneWhileTheOthersStay) {
  Entry entry;
  entry.add("A", "first");
  entry.add("B", "second");
  entry.add("C", "third");
  for (const std::string& value : {std::string("x"), std::string(1000, 'y'), std::string()}) {
    entry.set_value(1, value);
    EXPECT_EQ(entry.find("A"), "first");
    EXPECT_EQ(entry.field(1).name, "B");
    EXPECT_EQ(entry.field(1).value, value);
    EXPECT_EQ(entry.field(2).name, "C");
    EXPECT_EQ(entry.find("C"), "third");
  }
  entry.set_value(2, "end");
  entry.set_value(0, "begin");
  entry.add("D", "more");
  EXPECT_EQ(entry.find("A"), "begin");
  EXPECT_EQ(entry.find("C"), "end");
  EXPECT_EQ(entry.find("D"), "more");
}

TEST(Entry, HoldsAnyBytesAndSaysNothingOfWhatItDoesNotHave) {
  Entry entry;
  const std::string value("a\0\xff\n", 4);
  entry.add("A", value);
  EXPECT_EQ(entry.find("A"), value);
  EXPECT_EQ(entry.find("B"), "");
  entry.clear();
  EXPECT_EQ(entry.size(), 0U);
  EXPECT_EQ(entry.find("A"), "");
}

TEST(FieldName, IsWhatJournaldTakes) {
  for (const std::string& name :
       {std::string("MESSAGE"), std::string("_PID"), std::string("A1"), std::string(64, 'A')}) {
    EXPECT_TRUE(is_field_name(name)) << name;
  }
  for (const std::string& name : {std::string(), std::string("1A"), std::string("message"), std::string("A=B"),
                                  std::string("A\nB"), std::string("\xc3\x84"), std::string(65, 'A')}) {
    EXPECT_FALSE(is_field_name(name)) << name;
  }
}

Entry shortened(const Entry& entry) {
  Entry into;
  into.add("OLD", "value");
  shorten(entry, into);
  return into;
}

TEST(ShortEntry, KeepsItsPlaceAndWhoSaidItAndSaysThatItIsShort) {
  Entry entry = miner_entry("hello");
  entry.add("COREDUMP", std::string(100'000, 'x'));
  const Entry left = shortened(entry);
  EXPECT_EQ(left.cursor, entry.cursor);
  EXPECT_EQ(left.realtime_us, entry.realtime_us);
  EXPECT_EQ(left.monotonic_us, entry.monotonic_us);
  EXPECT_EQ(left.boot_id, entry.boot_id);
  EXPECT_EQ(left.find("SYSLOG_IDENTIFIER"), "cgminer");
  EXPECT_EQ(left.find("_PID"), "231");
  EXPECT_EQ(left.find("MESSAGE"), "hello");
  EXPECT_EQ(left.find("COREDUMP"), "");
  EXPECT_EQ(left.find("OLD"), "");
  EXPECT_EQ(left.find("BACKPLANE_SHORTENED"), "1");
}

TEST(ShortEntry, CutsTheMessageBetweenTwoCharacters) {
  for (std::size_t before = 0; before < 4; ++before) {
    std::string message(before, 'x');
    for (std::size_t i = 0; i < kShortenedMessageBytesMax; ++i) message += "\xf0\x9f\x90\xa2";
    const Entry left = shortened(miner_entry(message));
    const std::string_view text = left.find("MESSAGE");
    EXPECT_LE(text.size(), kShortenedMessageBytesMax);
    EXPECT_GT(text.size(), kShortenedMessageBytesMax - 4);
    EXPECT_EQ((text.size() - before) % 4, 0U);
  }
}

TEST(ShortEntry, CutsBytesThatAreNoTextWhereTheBoundIs) {
  const Entry left = shortened(miner_entry(std::string(kShortenedMessageBytesMax * 2, '\x80')));
  EXPECT_GE(left.find("MESSAGE").size(), kShortenedMessageBytesMax - 3);
}

TEST(ShortEntry, HasNoMessageWhereTheEntryHasNone) {
  const Entry left = shortened(entry_of({{"PRIORITY", "6"}}));
  EXPECT_EQ(left.size(), 2U);
}

TEST(ShortEntry, FitsAnItemInEveryFormWhateverTheEntryHolds) {
  Entry entry = miner_entry(std::string(kFieldBytesMax, '\x01'));
  for (int i = 0; i < 1000; ++i) entry.add("SYSLOG_IDENTIFIER", std::string(1000, '\x01'));
  for (const Format format : {Format::kShort, Format::kKvmd, Format::kJson, Format::kExport}) {
    EXPECT_LT(written(format, shortened(entry)).size(), BP_FEED_ITEM_BYTES_MAX);
  }
}

}  // namespace
}  // namespace backplane::log_stream
