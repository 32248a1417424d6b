#include <gtest/gtest.h>

#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Include = ConfigTest;

std::string main_with(const std::string& rest) {
  return std::string(kListenLine) + rest;
}

TEST_F(Include, FilesAreReadSortedAfterTheMainFile) {
  write("plugins.d/b.yaml", "plugins: { second: {} }\n");
  write("plugins.d/a.yaml", "plugins: { first: { config: { x: 1 } } }\n");
  write("plugins.d/ignored.txt", "no yaml: [");
  const auto outcome = load_text(main_with("include: [plugins.d/*.yaml]\nplugins: { own: {} }\n"));
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  std::vector<std::string> names;
  for (const auto& plugin : outcome.settings->plugins) names.push_back(plugin.instance);
  EXPECT_THAT(names, ElementsAre("own", "first", "second"));
  EXPECT_EQ(outcome.settings->plugins[1].where, (folder_ / "plugins.d/a.yaml").string() + ":1:12");
  EXPECT_EQ(outcome.settings->plugins[1].positions.at("/x").value, (folder_ / "plugins.d/a.yaml").string() + ":1:34");
}

TEST_F(Include, AFileThatTwoPatternsMatchIsReadOnce) {
  write("plugins.d/a.yaml", "plugins: { first: {} }\n");
  EXPECT_THAT(problems_of(main_with("include: [plugins.d/*.yaml, plugins.d/a.yaml]\n")), IsEmpty());
}

TEST_F(Include, TheSameInstanceTwiceNamesBothPlaces) {
  write("plugins.d/a.yaml", "plugins:\n  video: {}\n");
  EXPECT_THAT(problems_of(main_with("include: [plugins.d/*.yaml]\nplugins: { video: {} }\n")),
              ElementsAre("plugins.d/a.yaml:2:3: plugins.video: the instance is configured twice, first at 3:12; keep "
                          "one"));
}

TEST_F(Include, AnIncludedFileHoldsPluginsOnly) {
  write("a.yaml", "plugins: {}\nauth: { throttle: off }\ninclude: [b.yaml]\n");
  EXPECT_THAT(problems_of(main_with("include: [a.yaml]\n")),
              ElementsAre("a.yaml:2:1: auth: unknown key; allowed: plugins",
                          StartsWith("a.yaml:3:1: include: unknown key; allowed: plugins")));
}

TEST_F(Include, MistakesOfSeveralFilesAreReportedTogether) {
  write("a.yaml", "plugins: { video: { isolaton: thread } }\n");
  write("b.yaml", "plugins: [\n");
  EXPECT_THAT(problems_of(main_with("log: { level: loud }\ninclude: [\"?.yaml\"]\n")),
              ElementsAre(StartsWith("2:15: log.level"), StartsWith("a.yaml:1:21: plugins.video.isolaton: unknown key"),
                          "b.yaml:1:10: the [ is not closed"));
}

TEST_F(Include, APatternMayMatchNothingButAPlainNameMayNot) {
  EXPECT_THAT(problems_of(main_with("include: [plugins.d/*.yaml]\n")), IsEmpty());
  EXPECT_THAT(problems_of(main_with("include: [plugins.d/none.yaml]\n")),
              ElementsAre("2:11: include[0]: there is no file \"plugins.d/none.yaml\""));
}

TEST_F(Include, TheNumberOfFilesIsBounded) {
  for (int i = 0; i < 65; ++i) write("d/" + std::to_string(i) + ".yaml", "plugins: {}\n");
  EXPECT_THAT(problems_of(main_with("include: [d/*]\n")),
              ElementsAre("2:10: include: 65 files match; at most 64 are read"));
}

TEST_F(Include, ThePluginsOfAllFilesTogetherAreBounded) {
  std::string first = "plugins:\n";
  for (int i = 0; i < 64; ++i) first += "  p" + std::to_string(i) + ": {}\n";
  write("d/a.yaml", first);
  write("d/b.yaml", "plugins:\n  one-more: {}\n");
  EXPECT_THAT(problems_of(main_with("include: [d/*]\n")),
              ElementsAre("d/b.yaml:2:3: plugins.one-more: more than 64 plugins"));
}

TEST_F(Include, TheFoldersOwnNameIsNoPattern) {
  folder_ /= "odd[1]*name";
  write("plugins.d/a.yaml", "plugins: { first: {} }\n");
  const auto outcome = load_text(main_with("include: [plugins.d/*.yaml]\n"));
  folder_ = folder_.parent_path();
  ASSERT_TRUE(outcome.settings);
  EXPECT_EQ(outcome.settings->plugins.size(), 1U);
}

TEST_F(Include, AFolderThatMatchesIsReportedAsSuch) {
  std::filesystem::create_directories(folder_ / "plugins.d/sub.yaml");
  EXPECT_THAT(problems_of(main_with("include: [plugins.d/*.yaml]\n")), ElementsAre(HasSubstr("is a directory")));
}

}  // namespace
}  // namespace backplane::config
