#include "log-stream/formats/text_formats.hpp"

#include <gtest/gtest.h>

#include "support/entries.hpp"
#include "support/made_journal.hpp"

namespace backplane::log_stream {
namespace {

class TextFormats : public testing::Test {
 protected:
  TimeZone zone_{"CET-1CEST,M3.5.0,M10.5.0/3"};
};
using ShortFormat = TextFormats;
using KvmdFormat = TextFormats;

std::string short_of(const FieldList& fields) {
  return written(Format::kShort, entry_of(fields));
}

TEST_F(ShortFormat, HasLocalTimeHostIdentifierAndPid) {
  EXPECT_EQ(written(Format::kShort, miner_entry("text")), "Nov 22 19:41:05 host cgminer[231]: text\n");
}

TEST_F(ShortFormat, TakesTheNextBestIdentifierAndPid) {
  EXPECT_EQ(short_of({{"MESSAGE", "m"}}), "Nov 22 19:41:05 unknown: m\n");
  EXPECT_EQ(short_of({{"MESSAGE", "m"}, {"_COMM", "command"}, {"SYSLOG_PID", "7"}}), "Nov 22 19:41:05 command[7]: m\n");
  EXPECT_EQ(
      short_of({{"_COMM", "c"}, {"SYSLOG_IDENTIFIER", "id"}, {"SYSLOG_PID", "7"}, {"_PID", "8"}, {"MESSAGE", "m"}}),
      "Nov 22 19:41:05 id[8]: m\n");
  EXPECT_EQ(short_of({{"_HOSTNAME", "host"}, {"MESSAGE", "m"}}), "Nov 22 19:41:05 host unknown: m\n");
}

TEST_F(ShortFormat, LeavesOutEntriesWithoutMessage) {
  EXPECT_EQ(short_of({{"_HOSTNAME", "host"}, {"_COMM", "c"}}), "");
  EXPECT_EQ(short_of({{"MESSAGE", ""}}), "Nov 22 19:41:05 unknown: \n");
}

TEST_F(ShortFormat, ShowsWhenTheSenderWroteTheMessage) {
  EXPECT_EQ(short_of({{"MESSAGE", "m"}, {"_SOURCE_REALTIME_TIMESTAMP", "1732300800000000"}}),
            "Nov 22 19:40:00 unknown: m\n");
  EXPECT_EQ(short_of({{"MESSAGE", "m"}, {"_SOURCE_REALTIME_TIMESTAMP", "12x"}}), "Nov 22 19:41:05 unknown: m\n");
}

TEST_F(ShortFormat, S31AMessageCannotForgeALine) {
  EXPECT_EQ(short_of({{"SYSLOG_IDENTIFIER", "i"}, {"MESSAGE", "a\nNov 22 19:41:05 host sshd[1]: b\r\n\nc"}}),
            "Nov 22 19:41:05 i: a\n"
            "                   Nov 22 19:41:05 host sshd[1]: b\n"
            "                   \n"
            "                   c\n");
  EXPECT_EQ(short_of({{"MESSAGE", "a\rNov 22 b\u2028\x1b[2Kc\xff"}}),
            "Nov 22 19:41:05 unknown: a\\x0dNov 22 b\\u2028\\x1b[2Kc\\xff\n");
}

TEST_F(ShortFormat, S31HostIdentifierAndPidCannotForgeThePrefix) {
  EXPECT_EQ(
      short_of(
          {{"_HOSTNAME", "h sshd[1]:"}, {"SYSLOG_IDENTIFIER", "x\ny: "}, {"SYSLOG_PID", "1]: z"}, {"MESSAGE", "m"}}),
      "Nov 22 19:41:05 h\\x20sshd\\x5b1\\x5d: x\\x0ay:\\x20[1\\x5d:\\x20z]: m\n");
}

TEST_F(ShortFormat, IsWhatJournalctlWritesForOrdinaryAndMultiLineMessages) {
  std::string exported;
  std::string expected;
  Formatter to_export(Format::kExport);
  Formatter to_short(Format::kShort);
  const auto add = [&](const Entry& entry) {
    to_export.append(entry, exported);
    to_short.append(entry, expected);
  };
  std::uint64_t time = kNov22;
  for (const std::string& message :
       {std::string("hello"), std::string("two\nlines"), std::string("a\n\nb\n"), std::string(), std::string("\n"),
        std::string("a\n\n\n"), std::string("\nb"), std::string("blanks at the end   "), std::string("carriage\r"),
        std::string("dos\r\nlines\r\r\nhere\r\n"), std::string("  indented\n    more"), std::string(5000, 'x'),
        std::string(900, 'y') + "\n" + std::string(900, 'z'), std::string("\u00e4\u65e5\u672c\U0001f600\nx")}) {
    add(miner_entry(message, time += 1'500'000));
  }
  for (const FieldList& fields : std::vector<FieldList>{
           {{"MESSAGE", "m"}},
           {{"MESSAGE", "m"}, {"SYSLOG_IDENTIFIER", "id"}, {"_COMM", "comm"}, {"_PID", "1"}, {"SYSLOG_PID", "2"}},
           {{"MESSAGE", "m"}, {"_COMM", "comm"}, {"SYSLOG_PID", "2"}},
           {{"_HOSTNAME", "host"}, {"_COMM", "comm"}},
           {{"MESSAGE", "m\nn"}, {"_HOSTNAME", "h\u00f6st"}, {"SYSLOG_IDENTIFIER", "\u00fcber"}},
           {{"MESSAGE", "first"}, {"MESSAGE", "last"}},
           {{"MESSAGE", "m"}, {"_SOURCE_REALTIME_TIMESTAMP", "1732300800000000"}}}) {
    add(entry_of(fields, time += 86'400'000'000 * 20));
  }
  EXPECT_EQ(MadeJournal(exported).read("short"), expected);
}

std::string kvmd_of(std::string_view message) {
  return written(Format::kKvmd, entry_of({{"_SYSTEMD_UNIT", "kvmd.service"}, {"MESSAGE", std::string(message)}}));
}

TEST_F(KvmdFormat, HasLocalTimeUnitAndMessageAndEndsWithCrlf) {
  EXPECT_EQ(kvmd_of("old entry"), "[2024-11-22 19:41:05 kvmd.service] --- old entry\r\n");
}

TEST_F(KvmdFormat, StripsWhitespaceAtTheEndAndKeepsBareLineFeedsInside) {
  EXPECT_EQ(kvmd_of("  a \n\n b \t\r\n\v\f "), "[2024-11-22 19:41:05 kvmd.service] ---   a \n\n b\r\n");
}

TEST_F(KvmdFormat, EntriesWithoutMessageOrUnitAreWrittenAsWell) {
  EXPECT_EQ(written(Format::kKvmd, entry_of({{"_SYSTEMD_UNIT", "kvmd.service"}})),
            "[2024-11-22 19:41:05 kvmd.service] --- \r\n");
  EXPECT_EQ(written(Format::kKvmd, entry_of({{"MESSAGE", "m"}})), "[2024-11-22 19:41:05 unknown] --- m\r\n");
}

TEST_F(KvmdFormat, ShowsWhenJournaldGotTheMessageAsKvmdDoes) {
  EXPECT_EQ(written(Format::kKvmd, entry_of({{"MESSAGE", "m"}, {"_SOURCE_REALTIME_TIMESTAMP", "1732300800000000"}})),
            "[2024-11-22 19:41:05 unknown] --- m\r\n");
}

TEST_F(KvmdFormat, S31AMessageCannotHoldTheEndOfAnEntry) {
  EXPECT_EQ(kvmd_of("a\r\n[2024-11-22 19:41:05 x.service] --- b\rc\x1b\u202e"),
            "[2024-11-22 19:41:05 kvmd.service] --- a\n[2024-11-22 19:41:05 x.service] --- b\\x0dc\\x1b\\u202e\r\n");
}

TEST_F(KvmdFormat, S31AUnitCannotForgeThePrefix) {
  EXPECT_EQ(written(Format::kKvmd, entry_of({{"_SYSTEMD_UNIT", "a] --- b\r\n"}, {"MESSAGE", "m"}})),
            "[2024-11-22 19:41:05 a\\x5d\\x20---\\x20b\\x0d\\x0a] --- m\r\n");
}

}  // namespace
}  // namespace backplane::log_stream
