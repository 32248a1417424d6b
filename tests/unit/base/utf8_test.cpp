#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace backplane::base {
namespace {

TEST(CleanText, KeepsWhatIsUtf8) {
  EXPECT_EQ(clean_text("grün", 100), "grün");
  EXPECT_EQ(clean_text("", 100), "");
}

TEST(CleanText, PutsAQuestionMarkForEachByteThatIsNot) {
  EXPECT_EQ(clean_text("gr\xfcn", 100), "gr?n");
  EXPECT_EQ(clean_text("\xed\xa0\x80ü\xe4", 100), "???ü?");
  EXPECT_EQ(clean_text(std::string(10, '\x80'), 4), "????");
}

TEST(CleanText, CutsBetweenCharacters) {
  EXPECT_EQ(clean_text("grün", 4), "grü");
  EXPECT_EQ(clean_text("grün", 3), "gr");
  EXPECT_EQ(clean_text("\xffgrün", 4), "?gr");
}

}  // namespace
}  // namespace backplane::base
