// Rows as columns, and text of others on a terminal.
#include <gtest/gtest.h>

#include "ctl/terminal.hpp"

namespace backplane::ctl {
namespace {

TEST(Columns, AreAsWideAsTheirLongestCellInCharactersAndEndWithoutBlanks) {
  EXPECT_EQ(columns({{"A", "B", "C"}, {"größer", "b", ""}, {"a", "", "end"}}, {.indent = 1}),
            " A       B  C\n"
            " größer  b\n"
            " a          end\n");
}

TEST(Columns, TheLastOneIsWrappedToTheTerminal) {
  EXPECT_EQ(columns({{"name", "one two three four five six seven"}}, {.width = 32}),
            "name  one two three four five\n"
            "      six seven\n");
}

TEST(Columns, AWordThatIsTooLongStaysWhole) {
  EXPECT_EQ(columns({{"a " + std::string(40, 'x') + " b"}}, {.width = 30}), "a\n" + std::string(40, 'x') + "\nb\n");
}

TEST(Columns, ANarrowTerminalLeavesTheLastColumnReadable) {
  EXPECT_EQ(columns({{std::string(40, 'x'), "one two three four five six"}}, {.width = 20}),
            std::string(40, 'x') + "  one two three four five\n" + std::string(42, ' ') + "six\n");
}

TEST(Printable, LeavesWordsOfAnyLanguage) {
  EXPECT_EQ(printable("Gerät №5 — 電源"), "Gerät №5 — 電源");
}

TEST(Printable, ShowsWhatWouldSteerTheTerminalAsAQuestionMark) {
  EXPECT_EQ(printable("\x1b[2Jgone"), "?[2Jgone");
  EXPECT_EQ(printable("a\x7f\xc2\x9b"
                      "b"),
            "a??b");
  EXPECT_EQ(printable("\u202egnp.exe"), "?gnp.exe");
  EXPECT_EQ(printable("\xff"), "?");
}

TEST(Printable, PutsALineTogether) {
  EXPECT_EQ(printable("one\ntwo\tthree"), "one two three");
}

}  // namespace
}  // namespace backplane::ctl
