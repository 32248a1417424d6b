#include "log-stream/formats/json_format.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <map>

#include "support/entries.hpp"
#include "support/made_journal.hpp"

namespace backplane::log_stream {
namespace {

std::string json_of(const FieldList& fields) {
  Entry entry = entry_of(fields);
  entry.cursor = "c";
  entry.boot_id = "b";
  std::string out = written(Format::kJson, entry);
  const std::string own =
      R"({"__CURSOR":"c","__REALTIME_TIMESTAMP":"1732300865000000","__MONOTONIC_TIMESTAMP":"4711","_BOOT_ID":"b")";
  EXPECT_TRUE(out.starts_with(own)) << out;
  EXPECT_TRUE(out.ends_with("}\n")) << out;
  return out.substr(own.size(), out.size() - own.size() - 2);
}

TEST(JsonFormat, HasPlaceTimesAndBootBeforeTheFieldsAndAllValuesAreStrings) {
  EXPECT_EQ(json_of({}), "");
  EXPECT_EQ(json_of({{"PRIORITY", "6"}, {"MESSAGE", ""}}), R"(,"PRIORITY":"6","MESSAGE":"")");
}

TEST(JsonFormat, WithoutACursorTheTimesComeFirst) {
  Entry entry = entry_of({{"MESSAGE", "m"}});
  entry.cursor.clear();
  EXPECT_TRUE(written(Format::kJson, entry).starts_with(R"({"__REALTIME_TIMESTAMP":"1732300865000000",)"));
}

TEST(JsonFormat, BelongsBehindWhatIsAlreadyThere) {
  std::string out = "before";
  JsonFormat().append(entry_of({}), out);
  EXPECT_TRUE(out.starts_with(R"(before{"__CURSOR")")) << out;
}

TEST(JsonFormat, S31QuotesBackslashesTabsAndLineFeedsAreEscaped) {
  EXPECT_EQ(json_of({{"MESSAGE", "say \"x\\y\"\tand\n{\"forged\":1}"}}),
            R"(,"MESSAGE":"say \"x\\y\"\tand\n{\"forged\":1}")");
}

TEST(JsonFormat, OtherScriptsAndDirectionsOfWritingAreDataAndStay) {
  EXPECT_EQ(json_of({{"MESSAGE", "\u00e4\u202e\U0001f600"}}), ",\"MESSAGE\":\"\u00e4\u202e\U0001f600\"");
}

TEST(JsonFormat, S31ValuesThatAreNoTextAreArraysOfTheirBytes) {
  EXPECT_EQ(json_of({{"A", "\x1b[x"}}), R"(,"A":[27,91,120])");
  EXPECT_EQ(json_of({{"A", "\xff"}, {"B", "\r"}, {"C", "\x7f"}}), R"(,"A":[255],"B":[13],"C":[127])");
  EXPECT_EQ(json_of({{"A", std::string("\0", 1)}}), R"(,"A":[0])");
}

TEST(JsonFormat, AFieldThatStandsSeveralTimesIsAnArrayInItsOrder) {
  EXPECT_EQ(json_of({{"B", "2"}, {"A", "x"}, {"B", "\xff"}, {"C", "3"}, {"B", "1"}}),
            R"(,"A":"x","B":["2",[255],"1"],"C":"3")");
}

TEST(JsonFormat, ManyFieldsOfWhichOneRepeatsAreAllThereOnce) {
  FieldList fields;
  for (int i = 0; i < 1000; ++i) fields.emplace_back("FIELD_" + std::to_string(i), std::to_string(i));
  for (const bool repeats : {false, true}) {
    if (repeats) fields.emplace_back("FIELD_500", "again");
    rapidjson::Document document;
    document.Parse(written(Format::kJson, entry_of(fields)).c_str());
    ASSERT_FALSE(document.HasParseError());
    EXPECT_EQ(document.MemberCount(), 1004U);
    EXPECT_STREQ(document["FIELD_999"].GetString(), "999");
    EXPECT_EQ(document["FIELD_500"].IsArray(), repeats);
  }
}

TEST(JsonFormat, S31NamesThatJournaldWouldNotTakeAndThoseOfSystemdItselfAreLeftOut) {
  EXPECT_EQ(json_of({{"a\":1,\"b", "x"}, {"", "x"}, {"__CURSOR", "x"}, {"_BOOT_ID", "x"}, {"_PID", "1"}}),
            R"(,"_PID":"1")");
}

// The fields of an object, each value as JSON; those of a field that stands several times sorted.
std::map<std::string, std::string> canonical(const std::string& line) {
  rapidjson::Document document;
  document.Parse(line.data(), line.size());
  EXPECT_FALSE(document.HasParseError()) << line;
  const auto text_of = [](const rapidjson::Value& value) {
    if (value.IsString()) return "\"" + std::string(value.GetString(), value.GetStringLength()) + "\"";
    std::string bytes;
    for (const auto& byte : value.GetArray()) bytes += std::to_string(byte.GetInt()) + ",";
    return bytes;
  };
  std::map<std::string, std::string> fields;
  for (const auto& member : document.GetObject()) {
    std::vector<std::string> values;
    const bool several = member.value.IsArray() && !member.value.Empty() && !member.value[0].IsInt();
    if (several) {
      for (const auto& value : member.value.GetArray()) values.push_back(text_of(value));
      std::sort(values.begin(), values.end());
    } else {
      values.push_back(text_of(member.value));
    }
    for (const std::string& value : values) fields[member.name.GetString()] += value + ";";
  }
  fields.erase("__CURSOR");  // the file that was made has its own
  return fields;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

TEST(JsonFormat, SaysTheSameAsJournalctl) {
  std::string exported;
  std::string written_here;
  Formatter to_export(Format::kExport);
  Formatter to_json(Format::kJson);
  std::uint64_t time = kNov22;
  const auto add = [&](const FieldList& fields) {
    const Entry entry = entry_of(fields, time += 1'000'000);
    to_export.append(entry, exported);
    to_json.append(entry, written_here);
  };
  for (const std::string& value : {std::string("plain"),
                                   std::string(),
                                   std::string("quote\"back\\slash/"),
                                   std::string("a\tb\nc"),
                                   std::string("a\rb"),
                                   std::string("\x1b[31m"),
                                   std::string("\x08\x0c"),
                                   std::string("\x7f"),
                                   std::string("\xc2\x85"),
                                   std::string("\xc2\xa0"),
                                   std::string("\u202e\u2028\ufeff"),
                                   std::string("\U0001f600"),
                                   std::string("\xef\xbf\xbe"),
                                   std::string("\xef\xb7\x90"),
                                   std::string("\xed\xa0\x80"),
                                   std::string("\xf4\x90\x80\x80"),
                                   std::string("\xc0\x80"),
                                   std::string("\xff\xfe"),
                                   std::string("a\0b", 3),
                                   std::string(10000, 'x')}) {
    add({{"MESSAGE", value}, {"_PID", "1"}, {"OWN_FIELD", value}});
  }
  add({{"MESSAGE", "first"}, {"MESSAGE", "second"}, {"A", "x"}, {"A", "y\x01"}, {"A", "z"}});
  const std::vector<std::string> expected = lines_of(MadeJournal(exported).read("json --all"));
  const std::vector<std::string> found = lines_of(written_here);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(canonical(found[i]), canonical(expected[i]));
}

}  // namespace
}  // namespace backplane::log_stream
