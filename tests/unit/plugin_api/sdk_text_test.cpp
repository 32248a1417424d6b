// What plugins and host share for reading text: blanks, UTF-8, hex, mistyped names, parameters, and results.
#include <gtest/gtest.h>

#include <backplane/query.hpp>
#include <backplane/result.hpp>
#include <backplane/text.hpp>
#include <memory>
#include <string>
#include <vector>

namespace backplane::sdk {
namespace {

TEST(SdkText, TrimsWhatIsNamedAndNothingElse) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("\n a \n"), "\n a \n") << "a line's end is no blank of HTTP's";
  EXPECT_EQ(trim("\v\n a \r\f", kWhiteSpace), "a");
  EXPECT_EQ(trim(" \t "), "");
}

TEST(SdkText, TakesPartAfterPart) {
  std::string_view rest = " a ;b;; c";
  EXPECT_EQ(take_part(rest, ';'), "a");
  EXPECT_EQ(take_part(rest, ';'), "b");
  EXPECT_EQ(take_part(rest, ';'), "");
  EXPECT_EQ(take_part(rest, ';'), "c");
  EXPECT_EQ(rest, "");
}

TEST(SdkText, ReadsUtf8StrictlyAsRfc3629) {
  for (const char* text : {"a", "\x7f", "ä", "€", "\xED\x9F\xBF", "\xEE\x80\x80", "😀", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const std::string_view text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE2\x82", "a\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(SdkText, RepairsEachByteThatIsNone) {
  EXPECT_EQ(repaired_utf8("a\xFF\xE2\x82z€"), "a\uFFFD\uFFFD\uFFFDz€");
}

TEST(SdkText, EveryCharacterThatIsWrittenIsReadAgain) {
  for (char32_t code = 0; code <= 0x10FFFF; code += code < 0x900 ? 1 : 97) {
    std::string text;
    append_character(text, code);
    const Character read = first_character(text);
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    EXPECT_EQ(read.bytes, surrogate ? 0 : text.size()) << static_cast<unsigned>(code);
    EXPECT_TRUE(surrogate || read.code == code) << static_cast<unsigned>(code);
  }
}

TEST(SdkText, ABeginningEndsWithAWholeCharacter) {
  EXPECT_EQ(beginning("a€b", 3), "a");
  EXPECT_EQ(beginning("a€b", 4), "a€");
  EXPECT_EQ(beginning("a€b", 99), "a€b");
}

TEST(SdkText, HexIsOneTextForOneValue) {
  EXPECT_EQ(encode_hex(std::string_view("\x00\xff\x1a", 3)), "00ff1a");
  char bytes[3] = {};
  EXPECT_TRUE(decode_hex("00ff1a", bytes));
  EXPECT_EQ(std::string_view(bytes, 3), std::string_view("\x00\xff\x1a", 3));
  for (const char* text : {"0", "0g", "FF", "f "}) EXPECT_FALSE(decode_hex(text, bytes)) << text;
}

TEST(SdkText, NamesTheOneThatWasMeant) {
  const std::vector<std::string_view> known{"level", "lines", "since"};
  EXPECT_EQ(nearest_name("levle", known), "level");
  EXPECT_EQ(nearest_name("LINES", known), "lines");
  EXPECT_EQ(nearest_name("colour", known), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'l'), known), "") << "a stranger's long word costs no time";
  EXPECT_EQ(did_you_mean("sinze", known), "; did you mean \"since\"?");
  EXPECT_EQ(did_you_mean("x", known), "");
}

TEST(SdkQuery, NumbersAreWholeAndWithinTheirBounds) {
  EXPECT_EQ(parse_int("42"), 42);
  EXPECT_EQ(parse_int("-1", -1, 5), -1);
  for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1.0", "6", "-2", "99999999999999999999"}) {
    EXPECT_FALSE(parse_int(text, -1, 5)) << text;
  }
}

TEST(SdkQuery, SwitchesAreReadAsSystemdDoes) {
  for (const char* text : {"", "1", "YES", "y", "True", "t", "on"}) EXPECT_EQ(parse_bool(text), true) << text;
  for (const char* text : {"0", "no", "N", "false", "f", "OFF"}) EXPECT_EQ(parse_bool(text), false) << text;
  EXPECT_FALSE(parse_bool("2"));
}

TEST(SdkQuery, AChoiceIsANameInAnyCase) {
  constexpr Choice<int> kSizes[] = {{"small", 1}, {"large", 2}};
  EXPECT_EQ(parse_choice("Large", kSizes), 2);
  EXPECT_FALSE(parse_choice("huge", kSizes));
}

TEST(SdkQuery, AListIsBounded) {
  EXPECT_EQ(parse_list("a, b,,c", 4), (std::vector<std::string_view>{"a", "b", "", "c"}));
  EXPECT_FALSE(parse_list("a,b,c", 2));
  EXPECT_EQ(parse_list(" ", 0), std::vector<std::string_view>());
}

TEST(SdkQuery, FindsTheParameterThatNobodyKnows) {
  const bp_field fields[] = {{bytes("lines"), bytes("1")}, {bytes("levle"), bytes("3")}};
  const std::vector<std::string_view> known{"lines", "level"};
  const Fields given(bp_fields{fields, 2, sizeof(bp_field)});
  EXPECT_EQ(unknown_name(given, known), "levle");
  EXPECT_FALSE(unknown_name(Fields(bp_fields{fields, 1, sizeof(bp_field)}), known));
}

TEST(SdkResult, HoldsAValueOrWhatWentWrong) {
  const auto half = [](int value) -> Result<int> {
    if (value % 2 != 0) return Failure{400, "the number is odd"};
    return value / 2;
  };
  EXPECT_EQ(*half(4), 2);
  ASSERT_FALSE(half(3));
  EXPECT_EQ(half(3).failure().status, 400);
  EXPECT_EQ(half(3).failure().text, "the number is odd");
}

TEST(SdkResult, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<std::string>> made = std::make_unique<std::string>("x");
  const std::unique_ptr<std::string> taken = *std::move(made);
  EXPECT_EQ(*taken, "x");
}

}  // namespace
}  // namespace backplane::sdk
