#include "log-stream/formats/formatter.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <random>

#include "log-stream/text.hpp"
#include "support/entries.hpp"
#include "support/export_reader.hpp"

namespace backplane::log_stream {
namespace {

TEST(Formatter, ContentTypesAreThoseOfGatewaydAndKvmd) {
  EXPECT_EQ(content_type(Format::kShort), "text/plain");
  EXPECT_EQ(content_type(Format::kKvmd), "text/plain");
  EXPECT_EQ(content_type(Format::kJson), "application/json");
  EXPECT_EQ(content_type(Format::kEvents), "text/event-stream");
  EXPECT_EQ(content_type(Format::kExport), "application/vnd.fdo.journal");
}

TEST(Formatter, TextFormsNeedFewFieldsAndTheOthersAll) {
  EXPECT_EQ(fields_of(Format::kShort), Fields::kText);
  EXPECT_EQ(fields_of(Format::kKvmd), Fields::kText);
  EXPECT_EQ(fields_of(Format::kJson), Fields::kAll);
  EXPECT_EQ(fields_of(Format::kEvents), Fields::kAll);
  EXPECT_EQ(fields_of(Format::kExport), Fields::kAll);
}

TEST(Formatter, AnEventIsTheJsonObjectAsItsData) {
  const Entry entry = miner_entry("a\nb");
  EXPECT_EQ(written(Format::kEvents, entry), "data: " + written(Format::kJson, entry) + "\n");
}

// Bytes of which many mean something: to a terminal, to a format or to UTF-8.
class RandomEntries : public testing::Test {
 protected:
  std::string bytes(std::size_t most) {
    static const std::vector<std::string> kSpecial{
        "\n",   "\r",   "\r\n",     "\x1b[2J", "\t", "\"", "\\",     "\u202e", "\u2028", "\u2066",    "\ufeff",
        "\xff", "\xc2", "\xc2\x85", "]: ",     "=",  "{",  "\u00e4", "\u200b", "\x7f",   "plain text"};
    std::string text;
    for (std::size_t left = random_() % (most + 1); left > 0; --left) {
      if (random_() % 2 == 0) {
        text += kSpecial[random_() % kSpecial.size()];
      } else {
        text += static_cast<char>(random_() % 256);
      }
    }
    return text;
  }

  FieldList fields() {
    static const std::vector<std::string> kNames{
        "MESSAGE",    "_HOSTNAME",     "SYSLOG_IDENTIFIER",          "_COMM", "_PID",
        "SYSLOG_PID", "_SYSTEMD_UNIT", "_SOURCE_REALTIME_TIMESTAMP", "OTHER"};
    FieldList list;
    for (const std::string& name : kNames) {
      if (random_() % 4 != 0) list.emplace_back(name, bytes(20));
    }
    if (random_() % 4 == 0) list.emplace_back("OTHER", bytes(20));
    if (random_() % 4 == 0) list.emplace_back(bytes(5), bytes(5));
    return list;
  }

  std::mt19937 random_{31};
};

constexpr int kEntries = 3000;

TEST_F(RandomEntries, S31AreAlwaysOneLineOfValidJson) {
  for (int i = 0; i < kEntries; ++i) {
    const FieldList list = fields();
    const std::string line = written(Format::kJson, entry_of(list));
    ASSERT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
    ASSERT_TRUE(line.ends_with('\n')) << line;
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
    ASSERT_FALSE(document.HasParseError()) << line;
    ASSERT_TRUE(document.IsObject()) << line;
    for (const auto& [name, value] : list) {
      if (name != "MESSAGE" || !is_text(value, true)) continue;
      ASSERT_EQ(document["MESSAGE"].GetString(), value);
    }
  }
}

TEST_F(RandomEntries, S31ShowNoControlCharactersAndTurnNoDirectionInText) {
  for (const Format format : {Format::kShort, Format::kKvmd}) {
    for (int i = 0; i < kEntries; ++i) {
      std::string text = written(format, entry_of(fields()));
      if (format == Format::kKvmd) {
        ASSERT_TRUE(text.ends_with("\r\n"));
        text.resize(text.size() - 2);
      }
      std::erase(text, '\n');
      ASSERT_TRUE(is_text(text, false)) << text;
      for (const char* hidden : {"\u061c", "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
                                 "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff"}) {
        ASSERT_EQ(text.find(hidden), std::string::npos) << text;
      }
    }
  }
}

TEST_F(RandomEntries, S31BeginWithOneTimeAndIndentEveryOtherLineInTheShortForm) {
  const TimeZone zone("UTC");
  for (int i = 0; i < kEntries; ++i) {
    FieldList list = fields();
    std::erase_if(list, [](const auto& field) { return field.first == "_SOURCE_REALTIME_TIMESTAMP"; });
    const std::string text = written(Format::kShort, entry_of(list));
    if (text.empty()) continue;
    ASSERT_TRUE(text.starts_with("Nov 22 18:41:05 ")) << text;
    for (std::size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1)) {
      ASSERT_EQ(text.substr(at + 1, 16), std::string(16, ' ')) << text;
    }
  }
}

TEST_F(RandomEntries, S31ComeBackOutOfTheExportFormat) {
  std::string exported;
  std::vector<FieldSet> expected;
  Formatter formatter(Format::kExport);
  for (int i = 0; i < kEntries; ++i) {
    const FieldList list = fields();
    formatter.append(entry_of(list), exported);
    expected.emplace_back();
    for (const auto& [name, value] : list) {
      if (is_field_name(name)) expected.back().emplace(name, value);
    }
  }
  std::vector<FieldSet> found = read_export(exported);
  for (FieldSet& one : found) {
    std::erase_if(one, [](const auto& field) { return field.first.starts_with("__") || field.first == "_BOOT_ID"; });
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace backplane::log_stream
