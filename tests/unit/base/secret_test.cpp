#include "base/secret.hpp"

#include <gtest/gtest.h>

using backplane::base::Secret;

TEST(Secret, S37_FormattingShowsStarsAndNeverTheText) {
  const Secret secret(std::string("hunter2"));
  EXPECT_EQ(fmt::format("password={}", secret), "password=***");
  EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(Secret, MovingLeavesNothingBehind) {
  Secret first(std::string("short"));
  const Secret second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(second.reveal(), "short");
}
