#include "log-stream/text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace backplane::log_stream {
namespace {

TEST(Utf8, CharactersOfEveryLengthAreRead) {
  EXPECT_EQ(first_character("a").code, U'a');
  EXPECT_EQ(first_character("\u00e4x").code, U'\u00e4');
  EXPECT_EQ(first_character("\u20acx").code, U'\u20ac');
  EXPECT_EQ(first_character("\U0001f600x").code, U'\U0001f600');
  EXPECT_EQ(first_character("\U0001f600x").bytes, 4U);
  EXPECT_EQ(first_character("\xf4\x8f\xbf\xbd").code, char32_t{0x10FFFD});
}

TEST(Utf8, OverlongFormsSurrogatesNoncharactersAndCutCharactersAreNone) {
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xef\xbf\xbe",
                           "\xef\xb7\x90", "\xf0\x8f\xbf\xbd", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xc3",
                           "\xe2\x82", "\xf0\x9f\x98", "\xc3\x28", "\xe2\x28\xa1"}) {
    EXPECT_EQ(first_character(text).bytes, 0U) << text;
  }
}

TEST(Utf8, PrintableBytesEndAtEveryOtherByteWhereverItStands) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto character = static_cast<char>(byte);
    const bool printable = byte >= 0x20 && byte <= 0x7e;
    const bool printable_in_json = printable && byte != '"' && byte != '\\';
    for (std::size_t place = 0; place < 20; ++place) {
      std::string text(20, 'x');
      text[place] = character;
      EXPECT_EQ(printable_bytes(text), printable ? 20U : place) << byte;
      EXPECT_EQ(printable_bytes(text, true), printable_in_json ? 20U : place) << byte;
    }
  }
}

TEST(Utf8, TextHasNoControlCharactersButTabAndLineFeedWhereAllowed) {
  EXPECT_TRUE(is_text("", false));
  EXPECT_TRUE(is_text("a\tb \u00e4\u202e\U0001f600", false));
  EXPECT_TRUE(is_text("a\nb", true));
  EXPECT_FALSE(is_text("a\nb", false));
  for (const char* text : {"a\r", "\x1b", "\x7f", "\xc2\x85", "12345678\xff", "\xc3"}) {
    EXPECT_FALSE(is_text(text, true)) << text;
  }
  EXPECT_FALSE(is_text(std::string_view("a\0b", 3), true));
}

TEST(Utf8, ABeginningEndsBetweenTwoCharacters) {
  EXPECT_EQ(sdk::beginning("abc", 3), "abc");
  EXPECT_EQ(sdk::beginning("abc", 2), "ab");
  EXPECT_EQ(sdk::beginning("a\U0001f600b", 5), "a\U0001f600");
  for (std::size_t bytes = 1; bytes < 5; ++bytes) EXPECT_EQ(sdk::beginning("a\U0001f600b", bytes), "a") << bytes;
  EXPECT_EQ(sdk::beginning("\x80\x80\x80\x80\x80\x80", 5).size(), 2U) << "what is no text is cut all the same";
}

}  // namespace
}  // namespace backplane::log_stream
