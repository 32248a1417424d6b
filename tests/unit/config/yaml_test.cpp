// Syntax, bounds and places of YAML files.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "config/limits.hpp"
#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Yaml = ConfigTest;

TEST_F(Yaml, AMissingFileNamesTheRemedy) {
  const auto outcome = load(folder_ / "none.yaml");
  ASSERT_EQ(outcome.problems.size(), 1U);
  EXPECT_EQ(outcome.problems[0].where, (folder_ / "none.yaml").string());
  EXPECT_EQ(outcome.problems[0].code, base::Error::kNotFound);
  EXPECT_THAT(outcome.problems[0].text, HasSubstr("--config FILE"));
}

TEST_F(Yaml, ADirectoryAFifoAndADeviceAreRefusedWithoutWaiting) {
  EXPECT_THAT(short_messages(load(folder_)), ElementsAre(HasSubstr("is a directory")));
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(short_messages(load(folder_ / "pipe")), ElementsAre("pipe: is not a regular file"));
  EXPECT_THAT(short_messages(load("/dev/zero")), ElementsAre("/dev/zero: is not a regular file"));
}

TEST_F(Yaml, AFileThatCannotBeReadSaysWhy) {
  const auto file = folder_ / "loop.yaml";
  std::filesystem::create_symlink(file, file);  // root reads everything, but not this
  EXPECT_THAT(short_messages(load(file)), ElementsAre(StartsWith("loop.yaml: cannot be read: ")));
}

TEST_F(Yaml, AFileOverTheLimitIsRefused) {
  std::string text(kListenLine);
  text += "#" + std::string(limits::kConfigBytesMax - text.size() - 1, 'x');
  EXPECT_THAT(problems_of(text), ElementsAre());
  EXPECT_THAT(problems_of(text + "x"), ElementsAre(HasSubstr("is larger than 1048576 bytes")));
}

TEST_F(Yaml, BytesThatAreNoTextAreShownWithTheirPlace) {
  EXPECT_THAT(problems_of("a: 1\nb: \xff\n"), ElementsAre(StartsWith("2:4: the byte 0xff is not UTF-8")));
  EXPECT_THAT(problems_of("a: ä\xed\xa0\x80"), ElementsAre(StartsWith("1:5: the byte 0xed is not UTF-8")));
  EXPECT_THAT(problems_of("a: \xc0\x80"), ElementsAre(StartsWith("1:4: ")));
  EXPECT_THAT(problems_of("a: \xf4\x90\x80\x80"), ElementsAre(StartsWith("1:4: ")));
  EXPECT_THAT(problems_of("a: \xe2\x82"), ElementsAre(StartsWith("1:4: ")));
  EXPECT_THAT(problems_of(std::string_view("a: \0b", 5)), ElementsAre(StartsWith("1:4: the control character 0x00")));
}

TEST_F(Yaml, TheRestBehindAnEndOfTransmissionByteIsNotIgnored) {
  EXPECT_THAT(problems_of(std::string(kListenLine) + "\x04\nauth: { throttle: of }\n"),
              ElementsAre(StartsWith("2:1: the control character 0x04")));
}

TEST_F(Yaml, AnEmptyFileLacksItsListeners) {
  EXPECT_THAT(problems_of(""), ElementsAre("1:1: the key \"listen\" is missing"));
  EXPECT_THAT(problems_of("# nothing\n"), ElementsAre("1:1: the key \"listen\" is missing"));
}

TEST_F(Yaml, TheRootMustBeAMap) {
  EXPECT_THAT(problems_of("- a\n"), ElementsAre("1:1: a map (key: value) is needed, not a list"));
  EXPECT_THAT(problems_of("text\n"), ElementsAre("1:1: a map (key: value) is needed, not a text"));
}

TEST_F(Yaml, AByteOrderMarkAndWindowsLineEndsAreAccepted) {
  EXPECT_THAT(problems_of("\xef\xbb\xbf# ä\r\nlisten:\r\n  - address: 127.0.0.1\r\n    port: 8443\r\n"), ElementsAre());
}

TEST_F(Yaml, DuplicateKeysAreFoundAtTheSecond) {
  EXPECT_THAT(problems_below_listen("log:\n  level: info\n  access: on\n  level: error"),
              ElementsAre("4:3: \"level\": the key stands twice in this map, first in line 2; keep one"));
}

TEST_F(Yaml, TagsSecondDocumentsAndStrangeKeysAreRefused) {
  EXPECT_THAT(problems_of("a: !!str 1\n"), ElementsAre(StartsWith("1:4: tags are not supported")));
  EXPECT_THAT(problems_of("a: !include x.yaml\n"), ElementsAre(StartsWith("1:4: tags are not supported")));
  EXPECT_THAT(problems_of("a: !x { b: 1 }\n"), ElementsAre(StartsWith("1:4: tags are not supported")));
  EXPECT_THAT(problems_of("a: 1\n---\nb: 2\n"), ElementsAre(StartsWith("2:1: a second document")));
  EXPECT_THAT(problems_of("a: { [1]: 2 }\n"), ElementsAre(StartsWith("1:6: a list or a map cannot be a key")));
  EXPECT_THAT(problems_of("a: {{ name }}\n"), ElementsAre(HasSubstr("a list or a map cannot be a key")));
  EXPECT_THAT(problems_of("a:\n  : 2\n"), ElementsAre(HasSubstr("a key is missing")));
  EXPECT_THAT(problems_of("a: &x 1\n*x : 2\n"), ElementsAre(StartsWith("2:1: an alias cannot be a key")));
}

TEST_F(Yaml, AnAliasStandsForItsValueAndAnUnknownOneIsRefused) {
  const auto outcome = load_text(
      "listen: [{ address: 127.0.0.1, port: 8443 }]\n"
      "auth: { sessions: { kvmd: &limits { lifetime: 2h, idle: 5m }, gravwell: *limits } }\n");
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(outcome.settings->auth.sessions.gravwell.lifetime_s, 7200);
  EXPECT_EQ(outcome.settings->auth.sessions.gravwell.idle_s, 300);
  EXPECT_THAT(problems_of("a: 1\nb: *nobody\n"), ElementsAre(StartsWith("2:4: ")));
  EXPECT_THAT(problems_of("a: &x [1, *x]\n"), ElementsAre(StartsWith("1:11: the alias stands inside the value")));
}

TEST_F(Yaml, AMistakeBehindAnAliasIsReportedWhereTheAliasIsUsed) {
  EXPECT_THAT(problems_below_listen("plugins:\n  p: { config: &c { a: 1 } }\ndevice:\n  name: *c"),
              ElementsAre("4:3: device.name: a text is needed, not a map"));
}

TEST_F(Yaml, AliasesThatMultiplyAreBounded) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) text += ", " + before;
    text += "]\n";
  }
  EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("more than 20000 values")));
}

TEST_F(Yaml, ManyValuesAreBounded) {
  std::string text = "a: [";
  for (std::size_t i = 0; i < limits::kConfigNodesMax; ++i) text += "1,";
  EXPECT_THAT(problems_of(text + "]"), ElementsAre(HasSubstr("more than 20000 values")));
}

TEST_F(Yaml, DepthIsBoundedPlainlyAndThroughAliases) {
  const auto nested = [](std::size_t levels) { return "a: " + std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_THAT(problems_of(nested(40)), ElementsAre(StartsWith("1:35: nested more than 32 levels deep")));
  EXPECT_THAT(problems_of(nested(200'000)), ElementsAre(StartsWith("1:35: nested more than 32 levels deep")));
  EXPECT_THAT(problems_of(std::string(200'000, '[')), ::testing::SizeIs(1));
  EXPECT_THAT(problems_of(std::string(200'000, '{')), ::testing::SizeIs(1));
  std::string dashes;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  EXPECT_THAT(problems_of(dashes + "x"), ElementsAre(StartsWith("1:65: nested more than 32 levels deep")));
  std::string blocks;
  for (int i = 0; i < 300; ++i) blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_THAT(problems_of(blocks), ElementsAre(StartsWith("33:33: nested more than 32 levels deep")));
  std::string chain = "a0: &a0 [[[[x]]]]\n";
  for (int i = 1; i < 10; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [[[[*a" + std::to_string(i - 1) + "]]]]\n";
  }
  EXPECT_THAT(problems_of(chain), ElementsAre(HasSubstr("nested more than 32 levels deep")));
}

struct SyntaxRow {
  const char* name;
  const char* text;
  const char* begins;
};

class YamlSyntax : public ConfigTest, public ::testing::WithParamInterface<SyntaxRow> {};

TEST_P(YamlSyntax, IsBlamedOnTheLineToMend) {
  EXPECT_THAT(problems_of(GetParam().text), ElementsAre(StartsWith(GetParam().begins)));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, YamlSyntax,
    ::testing::Values(
        SyntaxRow{"ColonMissing", "log:\n  level info\n  access: on\n", "2:3: a colon and a blank are missing"},
        SyntaxRow{"ColonMissingBeforeABlock", "log\n  level: info\n", "1:1: a colon and a blank are missing"},
        SyntaxRow{"ColonMissingInTheLastLine", "listen: [{ unix: a }]\nlog:\n  access: on\n  level info\n",
                  "4:3: log.\"level info\": a colon and a blank are missing after \"level\""},
        SyntaxRow{"BlankMissing", "listen: [{ unix: a }]\nlog:\n  access: on\n  level:info\n",
                  "4:3: log.\"level:info\": a colon and a blank are missing after \"level\""},
        SyntaxRow{"ColonMissingInAnItem", "listen:\n  - unix a.sock\n    mode: \"0600\"\n", "2:3: a colon and a blank"},
        SyntaxRow{"QuoteOpenInAKey", "\"log: 1\ndevice: 2\n", "1:1: the quote \" is not closed"},
        SyntaxRow{"QuoteOverTwoLines", "listen: [{ unix: a }]\ndevice:\n  name: \"a\n    b\"\n",
                  "3:9: the quote \" is not closed in this line; a text of several lines is written with |"},
        SyntaxRow{"ColumnsAreCharacters", "plugins: { p: { config: { a: \"äöü\", a: 1 } } }\nlisten: [{ unix: a }]\n",
                  "1:37: \"a\": the key stands twice"},
        SyntaxRow{"BracketOpenToTheEnd", "log: {}\nplugin_dirs: [a\n", "2:14: the [ is not closed"},
        SyntaxRow{"Tab", "log:\n\tlevel: info\n", "2:1: a tab in the indentation"},
        SyntaxRow{"QuoteOpen", "device:\n  name: \"a\nlog:\n  level: \"info\"\n", "2:9: the quote \" is not closed"},
        SyntaxRow{"QuoteOpenToTheEnd", "device:\n  name: 'a\nlog: 1\n", "2:9: the quote ' is not closed"},
        SyntaxRow{"BraceOpen", "auth: { throttle: on\nlog:\n  level: info\n", "1:7: the { is not closed"},
        SyntaxRow{"BracketOpen", "plugin_dirs: [a, b\nlog:\n  level: info\n", "1:14: the [ is not closed"},
        SyntaxRow{"BraceTooMany", "log: {}\nauth: { throttle: on }}\n", "2:"},
        SyntaxRow{"Indentation", "log:\n  level: info\n access: on\n", "3:2: "},
        SyntaxRow{"Escape", "device:\n  name: \"a\\qb\"\n", "2:"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace backplane::config
