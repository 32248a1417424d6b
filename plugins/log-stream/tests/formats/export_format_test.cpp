#include <gtest/gtest.h>

#include <random>

#include "log-stream/formats/formatter.hpp"
#include "support/entries.hpp"
#include "support/export_reader.hpp"
#include "support/made_journal.hpp"

namespace backplane::log_stream {
namespace {

std::string export_of(const FieldList& fields) {
  const std::string out = written(Format::kExport, entry_of(fields));
  const std::string own =
      "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1732300865000000\n__MONOTONIC_TIMESTAMP=4711\n"
      "_BOOT_ID=0123456789abcdef0123456789abcdef\n";
  EXPECT_TRUE(out.starts_with(own)) << out;
  return out.substr(own.size());
}

TEST(ExportFormat, HasALineForEachFieldAndEndsWithAnEmptyOne) {
  EXPECT_EQ(export_of({}), "\n");
  EXPECT_EQ(export_of({{"A", "x=y"}, {"B", ""}, {"A", "tab\t\u202e"}}), "A=x=y\nB=\nA=tab\t\u202e\n\n");
}

TEST(ExportFormat, S31ValuesThatAreNoTextOfOneLineStandWithTheirLength) {
  EXPECT_EQ(export_of({{"A", "x\nB=forged"}}), std::string("A\n\x0a\0\0\0\0\0\0\0x\nB=forged\n\n", 22));
  EXPECT_EQ(export_of({{"A", "\xff"}}), std::string("A\n\x01\0\0\0\0\0\0\0\xff\n\n", 13));
  EXPECT_EQ(export_of({{"A", std::string(0x1234, '\r')}}),
            std::string("A\n\x34\x12\0\0\0\0\0\0", 10) + std::string(0x1234, '\r') + "\n\n");
}

TEST(ExportFormat, S31NamesThatJournaldWouldNotTakeAndThoseOfSystemdItselfAreLeftOut) {
  EXPECT_EQ(export_of({{"A\nB", "x"}, {"A=B", "x"}, {"", "x"}, {"__CURSOR", "x"}, {"_BOOT_ID", "x"}}), "\n");
}

TEST(ExportFormat, AnyBytesComeBackOutOfARealJournal) {
  std::mt19937 random(31);
  std::vector<FieldSet> expected;
  std::string exported;
  Formatter to_export(Format::kExport);
  for (int i = 0; i < 50; ++i) {
    FieldList fields{{"MESSAGE", "entry " + std::to_string(i)}};
    for (int field = 0; field < 10; ++field) {
      std::string value(random() % 40, '\0');
      for (char& byte : value) byte = static_cast<char>(random() % 256);
      fields.emplace_back("FIELD_" + std::to_string(field), value);
    }
    const Entry entry = entry_of(fields, kNov22 + static_cast<std::uint64_t>(i) * 1'000'000);
    to_export.append(entry, exported);
    expected.emplace_back(fields.begin(), fields.end());
    expected.back().emplace("__REALTIME_TIMESTAMP", std::to_string(entry.realtime_us));
    expected.back().emplace("__MONOTONIC_TIMESTAMP", "4711");
    expected.back().emplace("_BOOT_ID", entry.boot_id);
  }
  std::vector<FieldSet> found = read_export(MadeJournal(exported).read("export"));
  for (FieldSet& fields : found) std::erase_if(fields, [](const auto& field) { return field.first == "__CURSOR"; });
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace backplane::log_stream
