#include "log-stream/accept.hpp"

#include <gtest/gtest.h>

namespace backplane::log_stream {
namespace {

TEST(Accept, ChoosesTheFormThatTheHeaderPrefers) {
  const std::pair<const char*, Format> cases[] = {
      {"", Format::kShort},
      {"*/*", Format::kShort},
      {"text/plain", Format::kShort},
      {"application/json", Format::kJson},
      {"APPLICATION/Json", Format::kJson},
      {"text/event-stream", Format::kEvents},
      {"application/vnd.fdo.journal", Format::kExport},
      {"image/png, application/json", Format::kJson},
      {"application/json, text/event-stream", Format::kJson},
      {"application/json;q=0.2, text/event-stream;q=0.7", Format::kEvents},
      {"application/json;q=0.25,text/event-stream;q=0.251", Format::kEvents},
      {"application/json; q=0.9, text/plain", Format::kShort},
      {"application/json;charset=utf-8;q=0.3", Format::kJson},
      {"application/json;q=0", Format::kShort},
      {"application/json;q=0.000, text/event-stream;q=0.001", Format::kEvents},
      {"application/json;q=", Format::kJson},
      {" \tapplication/json ,", Format::kJson},
      {",,;,", Format::kShort},
  };
  for (const auto& [header, format] : cases) EXPECT_EQ(accepted_format(header), format) << header;
}

TEST(Accept, KnowsEachFormByItsName) {
  EXPECT_EQ(named_format("text"), Format::kShort);
  EXPECT_EQ(named_format("json"), Format::kJson);
  EXPECT_EQ(named_format("events"), Format::kEvents);
  EXPECT_EQ(named_format("export"), Format::kExport);
  EXPECT_EQ(named_format("kvmd"), std::nullopt);
  EXPECT_EQ(named_format(""), std::nullopt);
}

}  // namespace
}  // namespace backplane::log_stream
