#include "log-stream/feeds.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "support/entries.hpp"

namespace backplane::log_stream {
namespace {

constexpr Format kAllFormats[] = {Format::kShort, Format::kKvmd, Format::kJson, Format::kEvents, Format::kExport};

// As the host puts it in the place of lost items.
std::string told(std::string_view lost) {
  std::string text(lost);
  return text.replace(text.find("{count}"), 7, "12");
}

TEST(Feeds, EveryFormHasAFeedWithMasksAndOneWithout) {
  for (const Format format : kAllFormats) {
    const Format item = format == Format::kEvents ? Format::kJson : format;
    EXPECT_EQ(format_of(feed_of(format, false)), item);
    EXPECT_EQ(format_of(feed_of(format, true)), item);
    EXPECT_FALSE(is_masked(feed_of(format, false)));
    EXPECT_TRUE(is_masked(feed_of(format, true)));
    EXPECT_LT(feed_of(format, true), kFeedCount);
  }
  EXPECT_STREQ(kFeedIds[feed_of(Format::kKvmd, true)], "kvmd-masked");
  EXPECT_STREQ(kFeedIds[feed_of(Format::kExport, false)], "export");
}

TEST(Feeds, AnItemInItsFramingIsWhatTheBacklogHas) {
  for (const Format format : kAllFormats) {
    const Entry entry = miner_entry("hello");
    const Format of_item = format_of(feed_of(format, false));
    Formatter formatter(of_item);
    std::string item;
    append_item(formatter, of_item, entry, item);
    const sdk::Framing framing = framing_of(format, false);
    EXPECT_EQ(std::string(framing.prefix) + item + std::string(framing.suffix), written(format, entry));
    EXPECT_EQ(framing.kind, sdk::DataKind::kBytes);
  }
}

TEST(Feeds, AMessageHasNothingAroundItsItem) {
  for (const Format format : {Format::kShort, Format::kJson}) {
    const sdk::Framing framing = framing_of(format, true);
    EXPECT_EQ(framing.kind, sdk::DataKind::kText);
    EXPECT_EQ(framing.prefix, "");
    EXPECT_EQ(framing.suffix, "");
    EXPECT_FALSE(framing.lost.ends_with('\n'));
  }
}

TEST(Feeds, LostEntriesAreToldInTheFormOfTheReader) {
  const std::string line = "-- 12 lines are missing here: they came faster than you took them --";
  EXPECT_EQ(told(framing_of(Format::kShort, false).lost), line + "\n");
  EXPECT_EQ(told(framing_of(Format::kShort, true).lost), line);
  EXPECT_EQ(told(framing_of(Format::kKvmd, false).lost), line + "\r\n");
  EXPECT_EQ(framing_of(Format::kExport, false).lost, "");
  const std::string object = told(framing_of(Format::kJson, true).lost);
  EXPECT_EQ(told(framing_of(Format::kJson, false).lost), object + "\n");
  EXPECT_EQ(told(framing_of(Format::kEvents, false).lost), "data: " + object + "\n\n");
  rapidjson::Document json;
  ASSERT_FALSE(json.Parse(object.c_str()).HasParseError());
  EXPECT_STREQ(json["BACKPLANE_LOST"].GetString(), "12");
  EXPECT_TRUE(json["MESSAGE"].IsString());
}

TEST(Feeds, TheHostTakesEveryFraming) {
  for (const Format format : kAllFormats) {
    for (const bool messages : {false, true}) {
      EXPECT_LE(framing_of(format, messages).lost.size(), BP_FRAMING_BYTES_MAX);
    }
  }
}

}  // namespace
}  // namespace backplane::log_stream
