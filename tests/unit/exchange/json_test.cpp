#include <gtest/gtest.h>

#include <backplane/json.hpp>
#include <limits>

using backplane::sdk::JsonForm;
using backplane::sdk::JsonWriter;

namespace {

std::string number(double value) {
  return JsonWriter().number(value).take();
}
std::string kvmd_string(std::string_view text) {
  return JsonWriter(JsonForm::kKvmd).string(text).take();
}

TEST(JsonWriter, NumbersArePlainDecimals) {
  EXPECT_EQ(number(57.187), "57.187");
  EXPECT_EQ(number(5380000), "5380000.0");
  EXPECT_EQ(number(1e21), "1000000000000000000000.0");
  EXPECT_EQ(number(0.000001), "0.000001");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(JsonWriter().integer(std::numeric_limits<std::int64_t>::min()).take(), "-9223372036854775808");
}

TEST(JsonWriter, KvmdFormEscapesNonAsciiAsPythonDoes) {
  EXPECT_EQ(kvmd_string("\xc3\xbc"), R"("\u00fc")");
  EXPECT_EQ(kvmd_string("\xf0\x9f\x98\x80"), R"("\ud83d\ude00")");
  EXPECT_EQ(kvmd_string("a\"\\\n\x01/"), R"("a\"\\\n\u0001/")");
}

TEST(JsonWriter, InvalidUtf8BecomesTheReplacementCharacter) {
  EXPECT_EQ(kvmd_string("a\xff"
                        "b"),
            R"("a\ufffdb")");
  EXPECT_EQ(kvmd_string("\xc3"), R"("\ufffd")");
  EXPECT_EQ(kvmd_string("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");  // a surrogate is not a character
  EXPECT_EQ(JsonWriter().string("\xc3\xbc").take(), "\"\xc3\xbc\"");
}

TEST(JsonWriter, KvmdFormIndentsByFour) {
  JsonWriter json(JsonForm::kKvmd);
  json.begin_object().key("a").begin_object().end_object().key("b").begin_array().integer(1).end_array().end_object();
  EXPECT_EQ(json.take(), "{\n    \"a\": {},\n    \"b\": [\n        1\n    ]\n}");
}

}  // namespace
