#include "log-stream/journal/lists.hpp"

#include <gtest/gtest.h>

namespace backplane::log_stream {
namespace {

TEST(Lists, ABootHasItsIndexItsIdAndItsTimesInUtc) {
  const std::vector<Boot> boots{
      {.index = -1, .boot_id = "aa", .first_us = 1732300865'000007, .last_us = 1732300866'120000},
      {.index = 0, .boot_id = "bb", .first_us = 0, .last_us = 1}};
  EXPECT_EQ(
      *boots_json(boots),
      R"({"boots":[{"index":-1,"boot_id":"aa","first":"2024-11-22T18:41:05.000007Z","last":"2024-11-22T18:41:06.120000Z"},)"
      R"({"index":0,"boot_id":"bb","first":"1970-01-01T00:00:00.000000Z","last":"1970-01-01T00:00:00.000001Z"}]})");
}

TEST(Lists, NoBootIsAnEmptyList) {
  EXPECT_EQ(*boots_json(std::vector<Boot>()), R"({"boots":[]})");
}

TEST(Lists, ValuesAreJsonTextWhateverBytesTheyHold) {
  EXPECT_EQ(*(field_values_json("A", FieldValues{{"3", "say \"x\"\n", "a\xff"}, true})),
            R"({"field":"A","values":["3","say \"x\"\n","a)"
            "\xef\xbf\xbd"
            R"("],"more":true})");
}

TEST(Lists, AProblemStaysOne) {
  const sdk::Failure problem{503, "gone"};
  EXPECT_EQ(boots_json(problem).failure().text, "gone");
  EXPECT_EQ(field_values_json("A", problem).failure().text, "gone");
}

}  // namespace
}  // namespace backplane::log_stream
