#include "log-stream/formats/escape.hpp"

#include <gtest/gtest.h>

namespace backplane::log_stream {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(text, out);
  return out;
}

std::string escaped_word(std::string_view word) {
  std::string out;
  append_escaped_word(word, out);
  return out;
}

TEST(EscapeS31, OrdinaryTextStaysWithTabsBackslashesAndOtherScripts) {
  for (const char* text :
       {"", "plain", "a\tb", R"(C:\x1b \n)", "h\u00f6st \u65e5\u672c \u0440\u0443\u0441 \U0001f600"}) {
    EXPECT_EQ(escaped(text), text);
  }
}

TEST(EscapeS31, ControlCharactersAreShownInHexadecimal) {
  EXPECT_EQ(escaped("a\x1b[31mred"), R"(a\x1b[31mred)");
  EXPECT_EQ(escaped("a\nb\rc\x7f"), R"(a\x0ab\x0dc\x7f)");
  EXPECT_EQ(escaped(std::string_view("a\0b", 3)), R"(a\x00b)");
  EXPECT_EQ(escaped("\xc2\x85\xc2\x9b"), R"(\u0085\u009b)");
}

TEST(EscapeS31, BytesThatAreNoUtf8AreShownOneByOne) {
  EXPECT_EQ(escaped("a\xff\xfe z\xc3"), R"(a\xff\xfe z\xc3)");
  EXPECT_EQ(escaped("\xc0\xaf\xed\xa0\x80"), R"(\xc0\xaf\xed\xa0\x80)");
}

TEST(EscapeS31, WhatTurnsTheDirectionOfWritingIsShown) {
  EXPECT_EQ(escaped("\u202a\u202b\u202c\u202d\u202e"), R"(\u202a\u202b\u202c\u202d\u202e)");
  EXPECT_EQ(escaped("\u061c\u200e\u200f"), R"(\u061c\u200e\u200f)");
  EXPECT_EQ(escaped("\u2066\u2067\u2068\u2069"), R"(\u2066\u2067\u2068\u2069)");
}

TEST(EscapeS31, LineSeparatorsAndInvisibleCharactersAreShown) {
  EXPECT_EQ(escaped("\u2028\u2029"), R"(\u2028\u2029)");
  EXPECT_EQ(escaped("ro\u200bot\u200c\u200d\ufeff\u2060\u00ad"), R"(ro\u200bot\u200c\u200d\ufeff\u2060\u00ad)");
  EXPECT_EQ(escaped("\u17b4\u180f\u2800\u3164\ufe0f\uffa0\ufff9"), R"(\u17b4\u180f\u2800\u3164\ufe0f\uffa0\ufff9)");
  EXPECT_EQ(escaped("\U0001bca0\U0001d173\U000e0041"), R"(\U0001bca0\U0001d173\U000e0041)");
}

TEST(EscapeS31, APrefixWordHasNoBlanksAndNoBracketsOfItsOwn) {
  EXPECT_EQ(escaped_word("cgminer"), "cgminer");
  EXPECT_EQ(escaped_word("h\u00f6st:1"), "h\u00f6st:1");
  EXPECT_EQ(escaped_word("sshd[1]: x"), R"(sshd\x5b1\x5d:\x20x)");
  EXPECT_EQ(escaped_word("a\tb\nc\x1b\xff\u202e"), R"(a\x09b\x0ac\x1b\xff\u202e)");
}

TEST(EscapeS31, LinesAreCutAtLineFeedsAndLoseTheCarriageReturnsAtTheirEnd) {
  std::string_view rest = "a\r\nb\rc\r\r\n\nd";
  EXPECT_EQ(cut_line(rest), "a");
  EXPECT_EQ(cut_line(rest), "b\rc");
  EXPECT_EQ(cut_line(rest), "");
  EXPECT_EQ(cut_line(rest), "d");
  EXPECT_TRUE(rest.empty());
}

}  // namespace
}  // namespace backplane::log_stream
