#include "config/problems.hpp"

#include <gtest/gtest.h>

#include <backplane/text.hpp>

#include "config/limits.hpp"

namespace backplane::config {
namespace {

std::shared_ptr<const SourceFile> file(const char* name, std::size_t order) {
  return std::make_shared<SourceFile>(SourceFile{name, order});
}

TEST(Problems, AreSortedByFileLineAndColumn) {
  const auto main = file("main.yaml", 0);
  const auto included = file("a.yaml", 1);
  Problems problems;
  problems.add({included, 1, 1}, "fourth");
  problems.add({main, 9, 2}, "third");
  problems.add({main, 2, 9}, "second");
  problems.add({main}, "first");
  const auto all = problems.take();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].message(), "main.yaml: first");
  EXPECT_EQ(all[1].message(), "main.yaml:2:9: second");
  EXPECT_EQ(all[2].message(), "main.yaml:9:2: third");
  EXPECT_EQ(all[3].message(), "a.yaml:1:1: fourth");
}

TEST(Problems, KeepTheFirstOnesByPlaceAndCountTheRest) {
  constexpr std::size_t kMost = limits::kConfigProblemsMax;
  const auto main = file("main.yaml", 0);
  Problems problems;
  for (std::uint32_t line = 2 * kMost; line >= 1; --line) problems.add({main, line, 1}, "wrong");
  EXPECT_EQ(problems.count(), 2 * kMost);
  const auto all = problems.take();
  ASSERT_EQ(all.size(), kMost);
  EXPECT_EQ(all.front().where, "main.yaml:1:1");
  EXPECT_EQ(all[kMost - 2].where, "main.yaml:" + std::to_string(kMost - 1) + ":1");
  EXPECT_EQ(all.back().text, std::to_string(kMost + 1) + " more mistakes; correct these first");
}

TEST(Problems, ExactlyTheBoundIsShownInFull) {
  const auto main = file("main.yaml", 0);
  Problems problems;
  for (std::uint32_t line = 1; line <= limits::kConfigProblemsMax; ++line) problems.add({main, line, 1}, "wrong");
  EXPECT_EQ(problems.take().back().text, "wrong");
}

TEST(Suggestion, IsTheNearestAllowedWordOrNone) {
  const std::vector<std::string_view> allowed = {"lifetime", "idle", "port", "address"};
  EXPECT_EQ(sdk::nearest_name("lifetme", allowed), "lifetime");
  EXPECT_EQ(sdk::nearest_name("prot", allowed), "port");
  EXPECT_EQ(sdk::nearest_name("Adress", allowed), "address");
  EXPECT_EQ(sdk::nearest_name("certificate", allowed), "");
  EXPECT_EQ(sdk::nearest_name("", allowed), "");
  EXPECT_EQ(sdk::nearest_name(std::string(100'000, 'x'), allowed), "");
  EXPECT_EQ(sdk::did_you_mean("idel", allowed), "; did you mean \"idle\"?");
  EXPECT_EQ(sdk::did_you_mean("zzzz", allowed), "");
}

TEST(Shown, EscapesControlsAndCutsBetweenCharacters) {
  EXPECT_EQ(shown("a\nb\x7f"), "\"a\\x0ab\\x7f\"");
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  umlauts.insert(0, "x");
  const std::string cut = shown(umlauts);
  EXPECT_EQ(cut, "\"" + umlauts.substr(0, 59) + "…\"");
}

}  // namespace
}  // namespace backplane::config
