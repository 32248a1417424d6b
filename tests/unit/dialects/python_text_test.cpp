#include "dialects/kvmd/python_text.hpp"

#include <gtest/gtest.h>

namespace backplane::dialects::kvmd {
namespace {

TEST(PythonText, IsQuotedAsPythonQuotesIt) {
  EXPECT_EQ(python_repr("it's"), R"("it's")");
  EXPECT_EQ(python_repr(R"(a'b"c)"), R"('a\'b"c')");
  EXPECT_EQ(python_repr("a\\b\n\r\t\x01\x7f"), R"('a\\b\n\r\t\x01\x7f')");
  EXPECT_EQ(python_repr("\xc3\xbc\xf0\x9f\x98\x80"), "'\xc3\xbc\xf0\x9f\x98\x80'");
  EXPECT_EQ(python_repr("\xc2\xa0\xe2\x80\xae"), R"('\xa0\u202e')");  // a hard blank and a change of direction
  EXPECT_EQ(python_repr("\xc3\xbc\xfc\x80"), "'\xc3\xbc\\udcfc\\udc80'") << "as surrogateescape shows a header's bytes";
}

TEST(PythonText, IsStrippedOfUnicodeWhiteSpace) {
  EXPECT_EQ(python_stripped("\xe3\x80\x80 \n a b\xc2\xa0"), "a b");
  EXPECT_EQ(python_stripped(" \t"), "");
  EXPECT_EQ(python_stripped(""), "");
}
}  // namespace
}  // namespace backplane::dialects::kvmd
