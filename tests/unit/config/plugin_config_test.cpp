// A plugin's own config as it is handed on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using PluginConfig = ConfigTest;

TEST_F(PluginConfig, BecomesJsonByTheCoreSchemaAndKeepsQuotedTexts) {
  const auto outcome = load_text(std::string(kListenLine) + R"(plugins:
  p:
    config:
      text: plain text
      quoted: "true"
      single: '12'
      block: |
        two
        lines
      on: on
      yes: true
      nothing: ~
      absent:
      int: 0x10
      float: .5
      list: [1, "1", {a: b}]
      empty: {}
      "ä\"/~": "\u0001\t"
)");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  EXPECT_EQ(write_json(outcome.settings->plugins[0].config.reveal()),
            R"({"text":"plain text","quoted":"true","single":"12","block":"two\nlines\n","on":"on","yes":true,)"
            R"("nothing":null,"absent":null,"int":16,"float":0.5,"list":[1,"1",{"a":"b"}],"empty":{},)"
            R"("ä\"/~":"\u0001\t"})");
}

TEST_F(PluginConfig, EveryValueKnowsItsPlaceByJsonPointer) {
  const auto outcome = load_text(std::string(kListenLine) + R"(plugins:
  p:
    config:
      driver: v4l2
      deep:
        - x
        - { "a/b~c": 1 }
)");
  ASSERT_TRUE(outcome.settings);
  const std::string file = (folder_ / "main.yaml").string() + ":";
  const Positions& positions = outcome.settings->plugins[0].positions;
  EXPECT_EQ(positions.size(), 6U);
  EXPECT_EQ(positions.at("").key, file + "4:5");
  EXPECT_EQ(positions.at("/driver").key, file + "5:7");
  EXPECT_EQ(positions.at("/driver").value, file + "5:15");
  EXPECT_EQ(positions.at("/deep").value, file + "6:7");
  EXPECT_EQ(positions.at("/deep/0").value, file + "7:11");
  EXPECT_EQ(positions.at("/deep/1/a~1b~0c").key, file + "8:13");
  EXPECT_EQ(outcome.settings->plugins[0].where, file + "3:3");
}

TEST_F(PluginConfig, IsAnEmptyObjectWhereNoneIsGiven) {
  for (const char* text :
       {"plugins: { p: {} }", "plugins: { p: }", "plugins: { p: { config: } }", "plugins: { p: { config: {} } }"}) {
    const auto outcome = load_text(std::string(kListenLine) + text);
    ASSERT_TRUE(outcome.settings) << text;
    EXPECT_EQ(write_json(outcome.settings->plugins[0].config.reveal()), "{}") << text;
  }
}

TEST_F(PluginConfig, NumbersThatJsonCannotHoldAreRefused) {
  EXPECT_THAT(
      problems_below_listen("plugins: { p: { config: { a: .inf, b: 1e999, c: 18446744073709551616, d: 1 } } }"),
      ElementsAre("1:30: plugins.p.config.a: the number is too large or is no number; put it in quotes if it is "
                  "meant as a text",
                  ::testing::StartsWith("1:39: plugins.p.config.b:"),
                  ::testing::StartsWith("1:49: plugins.p.config.c:")));
}

TEST_F(PluginConfig, S37_NeitherALogNorAMessageShowsIt) {
  const auto good = load_text(std::string(kListenLine) + "plugins: { p: { config: { password: hunter2 } } }\n");
  ASSERT_TRUE(good.settings);
  EXPECT_EQ(fmt::format("{}", good.settings->plugins[0].config), "***");
  for (const char* text : {"plugins: { p: { config: { password: !!str hunter2 } } }",
                           "plugins: { p: { config: { password: hunter2, password: hunter2 } } }",
                           "plugins: { p: { config: hunter2 } }"}) {
    const auto problems = problems_below_listen(text);
    ASSERT_EQ(problems.size(), 1U) << text;
    EXPECT_EQ(problems[0].find("hunter2"), std::string::npos) << problems[0];
  }
}

using PluginGrantsKey = ConfigTest;

TEST_F(PluginGrantsKey, AbsentIsAnotherThingThanEmpty) {
  for (const char* text : {"plugins: { p: { grants: {} } }", "plugins: { p: { grants: } }"}) {
    const auto outcome = load_text(std::string(kListenLine) + text);
    ASSERT_TRUE(outcome.settings) << text;
    ASSERT_TRUE(outcome.settings->plugins[0].grants.has_value()) << text;
    EXPECT_THAT(outcome.settings->plugins[0].grants->paths, IsEmpty());
  }
  EXPECT_FALSE(load_text(std::string(kListenLine) + "plugins: { p: }").settings->plugins[0].grants.has_value());
}

TEST_F(PluginGrantsKey, AListIsBounded) {
  std::string text = "plugins: { p: { grants: { paths: [/a";
  for (int i = 0; i < 256; ++i) text += ", /a";
  EXPECT_THAT(problems_below_listen(text + "] } } }"),
              ElementsAre("1:34: plugins.p.grants.paths: more than 256 items"));
}

using PluginMemory = ConfigTest;

TEST_F(PluginMemory, IsGivenInBytesOrInUnitsOf1024) {
  const std::pair<const char*, std::uint64_t> rows[] = {{"8M", 8'388'608},
                                                        {"8192K", 8'388'608},
                                                        {"8388608", 8'388'608},
                                                        {"\"100M\"", 104'857'600},
                                                        {"4G", 4'294'967'296}};
  for (const auto& [text, bytes] : rows) {
    const auto outcome = load_text(std::string(kListenLine) + "plugins: { p: { memory_max: " + text + " } }");
    ASSERT_TRUE(outcome.settings) << text;
    EXPECT_EQ(outcome.settings->plugins[0].memory_bytes_max, bytes) << text;
  }
}

}  // namespace
}  // namespace backplane::config
