// Two hundred wrong configurations: the first message must lead the person to the line to mend.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <random>
#include <set>
#include <sstream>

#include "fixture.hpp"
#include "mutations.hpp"

namespace backplane::config {
namespace {

using Mutated = ConfigTest;

constexpr std::uint32_t kSeed = 20240817;

std::string full_configuration() {
  std::ifstream in(TEST_DATA_DIR "/full.yaml");
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class Score : public ConfigTest {
 protected:
  // How many of the mutations are reported first at the line to mend; tells of the others, and none may be accepted.
  int hits(const std::vector<Mutation>& mutations) {
    const std::string file = (folder_ / "main.yaml").string();
    int hits = 0;
    for (const Mutation& mutation : mutations) {
      const auto outcome = load_text(mutation.text);
      EXPECT_FALSE(outcome.settings.has_value()) << mutation.kind << " in line " << mutation.line;
      if (outcome.problems.empty()) continue;
      const base::Problem& first = outcome.problems.front();
      if (first.where.rfind(file + ":" + std::to_string(mutation.line) + ":", 0) == 0) {
        ++hits;
      } else {
        std::cout << mutation.kind << " in line " << mutation.line << ": " << first.message() << "\n";
      }
    }
    std::cout << "first message at the mutated line: " << hits << " of " << mutations.size() << "\n";
    return hits;
  }
};

TEST_F(Score, TheFirstMessagePointsAtTheMutatedLineIn95PercentOf200) {
  const auto mutations = make_mutations(full_configuration(), 200, kSeed);
  ASSERT_EQ(mutations.size(), 200U);
  std::set<std::string> kinds;
  for (const Mutation& mutation : mutations) kinds.insert(mutation.kind);
  EXPECT_EQ(kinds.size(), 14U);  // every kind of mistake was tried
  EXPECT_GE(hits(mutations) * 100, 95 * 200);
}

TEST_F(Score, IsNoLuckOfOneSeed) {
  const auto mutations = make_mutations(full_configuration(), 800, kSeed + 1);
  ASSERT_EQ(mutations.size(), 800U);
  EXPECT_GE(hits(mutations) * 100, 95 * 800);
}

TEST_F(Mutated, BytesChangedAtRandomNeverBreakTheLoader) {
  const std::string text = full_configuration();
  std::mt19937 random(kSeed);
  constexpr std::string_view kSigns = "{}[]:,&*!|>'\"%@`#-? \n\t\\~0a";
  for (int round = 0; round < 600; ++round) {
    std::string wrong = text;
    for (std::size_t i = 0; i <= random() % 6; ++i) {
      const std::size_t at = random() % wrong.size();
      const char sign = kSigns[random() % kSigns.size()];
      if (random() % 3 == 0) {
        wrong.erase(at, 1 + random() % 20);
      } else if (random() % 2 == 0) {
        wrong.insert(at, 1, sign);
      } else {
        wrong[at] = sign;
      }
    }
    const auto outcome = load_text(wrong);
    EXPECT_EQ(outcome.settings.has_value(), outcome.problems.empty());
    for (const auto& problem : outcome.problems) EXPECT_FALSE(problem.where.empty()) << problem.text;
  }
}

}  // namespace
}  // namespace backplane::config
