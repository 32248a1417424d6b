#include "auth/throttle.hpp"

#include <gtest/gtest.h>

#include <string>

#include "auth/limits.hpp"

namespace backplane::auth {
namespace {

class ThrottleTest : public ::testing::Test {
 protected:
  void fail(const std::string& account, const std::string& address, int times = 1) {
    for (int i = 0; i < times; ++i) {
      ASSERT_TRUE(throttle_.begin(account, address));
      throttle_.failed(account, address);
    }
  }

  base::ManualClock clock_;
  Throttle throttle_{clock_};
  int next_name_ = 0;
};

TEST_F(ThrottleTest, S05_WaitsDoubleAfterFiveFailuresUpToABound) {
  fail("admin", "192.0.2.1", 4);
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), 0);
  std::int64_t expected = 1000;
  for (int i = 0; i < 40; ++i) {
    fail("admin", "192.0.2.1");
    ASSERT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), expected);
    clock_.advance_ms(expected);
    ASSERT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), 0);
    expected = std::min(expected * 2, limits::kThrottleDelayMsMax);
  }
}

TEST_F(ThrottleTest, S05_CountsPerAccountAndNetwork) {
  fail("admin", "192.0.2.1", 5);
  EXPECT_GT(throttle_.wait_ms("admin", "192.0.2.1"), 0);
  EXPECT_GT(throttle_.wait_ms("admin", "192.0.2.254"), 0) << "the same /24";
  EXPECT_GT(throttle_.wait_ms("admin", "::ffff:192.0.2.9"), 0) << "the same /24 in IPv6's form";
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.3.1"), 0);
  EXPECT_EQ(throttle_.wait_ms("other", "192.0.2.1"), 0);
  fail("admin", "2001:db8:1:2::1", 5);
  EXPECT_GT(throttle_.wait_ms("admin", "2001:db8:1:2:ffff::2"), 0) << "the same /64";
  EXPECT_EQ(throttle_.wait_ms("admin", "2001:db8:1:3::1"), 0);
}

TEST_F(ThrottleTest, LoopbackAndUnixSocketsAreNoException) {
  for (const char* address : {"127.0.0.1", "::1", ""}) {
    fail("admin", address, 5);
    EXPECT_GT(throttle_.wait_ms("admin", address), 0) << address;
  }
}

TEST_F(ThrottleTest, SuccessResets) {
  fail("admin", "192.0.2.1", 5);
  clock_.advance_ms(1000);
  ASSERT_TRUE(throttle_.begin("admin", "192.0.2.1"));
  throttle_.succeeded("admin", "192.0.2.1");
  fail("admin", "192.0.2.1", 4);
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), 0);
}

TEST_F(ThrottleTest, AQuietHourForgets) {
  fail("admin", "192.0.2.1", 4);
  clock_.advance_ms(limits::kThrottleForgetMs);
  fail("admin", "192.0.2.1");
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), 0);
}

TEST_F(ThrottleTest, ManyGuessesAtOnceAreNotMoreGuesses) {
  for (int i = 0; i < limits::kThrottleFreeFailures; ++i) EXPECT_TRUE(throttle_.begin("admin", "192.0.2.1"));
  EXPECT_FALSE(throttle_.begin("admin", "192.0.2.1"));
  EXPECT_TRUE(throttle_.begin("admin", "198.51.100.1"));
  throttle_.cancelled("admin", "192.0.2.1");
  EXPECT_TRUE(throttle_.begin("admin", "192.0.2.1"));
}

TEST_F(ThrottleTest, AfterAPenaltyOneGuessAtATimeIsLeft) {
  fail("admin", "192.0.2.1", 5);
  clock_.advance_ms(1000);
  EXPECT_TRUE(throttle_.begin("admin", "192.0.2.1"));
  EXPECT_FALSE(throttle_.begin("admin", "192.0.2.1"));
}

TEST_F(ThrottleTest, ACancelledTryLeavesNothingBehind) {
  ASSERT_TRUE(throttle_.begin("admin", "192.0.2.1"));
  throttle_.cancelled("admin", "192.0.2.1");
  EXPECT_EQ(throttle_.size(), 0U);
}

TEST_F(ThrottleTest, S05_TenThousandSourcesNeitherClearAPenaltyNorTakeMemory) {
  fail("admin", "192.0.2.1", 12);
  const std::int64_t wait = throttle_.wait_ms("admin", "192.0.2.1");
  ASSERT_GT(wait, 0);
  for (int i = 0; i < 10'000; ++i) {
    fail("admin", "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1");
    ASSERT_LE(throttle_.size(), limits::kThrottleEntriesMax);
  }
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), wait);
  EXPECT_EQ(throttle_.wait_ms("admin", "203.0.113.1"), 0) << "a clean network may try";
}

TEST_F(ThrottleTest, S05_UnderAttackFromEverywhereEachNetworkHasOneTry) {
  for (int i = 0; i < limits::kThrottleAccountFreeFailures; ++i) fail("admin", "10.0." + std::to_string(i) + ".1");
  EXPECT_EQ(throttle_.wait_ms("admin", "203.0.113.1"), 0);
  fail("admin", "203.0.113.1");
  EXPECT_GT(throttle_.wait_ms("admin", "203.0.113.1"), 0);
  EXPECT_EQ(throttle_.wait_ms("viewer", "203.0.113.1"), 0) << "another account has nothing to do with it";
}

TEST_F(ThrottleTest, AnOwnerWhoMistypesUnderAttackMayTryAgain) {
  ASSERT_TRUE(throttle_.begin("admin", "203.0.113.1"));
  throttle_.succeeded("admin", "203.0.113.1");
  for (int i = 0; i < 40; ++i) fail("admin", "10.0." + std::to_string(i) + ".1");
  fail("admin", "203.0.113.1");
  EXPECT_EQ(throttle_.wait_ms("admin", "203.0.113.1"), 0);
}

TEST_F(ThrottleTest, GuessingAtManyAccountsFromManyNetworksIsSlowedDownAsAWhole) {
  for (int i = 0; i < limits::kThrottleAllFreeFailures + 5; ++i) {
    fail("user" + std::to_string(i), "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1");
  }
  EXPECT_GT(throttle_.wait_ms("user0", "10.0.0.1"), 0);
  EXPECT_EQ(throttle_.wait_ms("fresh", "203.0.113.1"), 0);
  clock_.advance_ms(60'000);
  EXPECT_EQ(throttle_.wait_ms("user0", "10.0.0.1"), 0) << "it leaks away";
}

TEST_F(ThrottleTest, S05_FailuresCountForTheNetworkWhateverTheNames) {
  const auto guess = [&](const std::string& address, int times) {
    for (int i = 0; i < times; ++i) fail("nobody" + std::to_string(next_name_++), address);
  };
  guess("192.0.2.1", 19);
  EXPECT_EQ(throttle_.wait_ms("fresh", "192.0.2.99"), 0);
  guess("192.0.2.2", 1);
  EXPECT_EQ(throttle_.wait_ms("fresh", "192.0.2.99"), 30'000);
  EXPECT_EQ(throttle_.wait_ms("fresh", "192.0.3.99"), 0) << "another /24";
  clock_.advance_ms(30'000);
  EXPECT_EQ(throttle_.wait_ms("fresh", "192.0.2.99"), 0) << "one is forgiven";

  for (int i = 0; i < 8; ++i) guess("2001:db8:0:" + std::to_string(i) + "::1", 5);
  EXPECT_GT(throttle_.wait_ms("fresh", "2001:db8:0:77::1"), 0) << "the same /56";
  EXPECT_EQ(throttle_.wait_ms("fresh", "2001:db8:0:177::1"), 0);
  for (int i = 1; i < 9; ++i) guess("2001:db8:0:" + std::to_string(i) + "00::1", 5);
  EXPECT_GT(throttle_.wait_ms("fresh", "2001:db8:0:7700::1"), 0) << "the same /48";
  EXPECT_EQ(throttle_.wait_ms("fresh", "2001:db8:1:77::1"), 0);
}

TEST_F(ThrottleTest, S05_AKnownAddressPaysForItsOwnFailuresAlone) {
  ASSERT_TRUE(throttle_.begin("admin", "192.0.2.1"));
  throttle_.succeeded("admin", "192.0.2.1");
  fail("admin", "192.0.2.77", 10);
  for (int i = 0; i < 30; ++i) fail("nobody" + std::to_string(i), "192.0.2.77");
  EXPECT_EQ(throttle_.wait_ms("admin", "192.0.2.1"), 0);
  EXPECT_GT(throttle_.wait_ms("admin", "192.0.2.2"), 0) << "a neighbour is not known";
  EXPECT_GT(throttle_.wait_ms("other", "192.0.2.1"), 0) << "nor for another account";
  fail("admin", "192.0.2.1", 5);
  EXPECT_GT(throttle_.wait_ms("admin", "192.0.2.1"), 0);
}

TEST_F(ThrottleTest, S05_TenThousandNetworksNeitherClearThePenaltyOfOneNorTakeMemory) {
  for (int i = 0; i < 25; ++i) fail("nobody" + std::to_string(i), "192.0.2.1");
  const std::int64_t wait = throttle_.wait_ms("fresh", "192.0.2.1");
  ASSERT_GT(wait, 0);
  for (int i = 0; i < 10'000; ++i) {
    fail("nobody", "10." + std::to_string(i / 250) + "." + std::to_string(i % 250) + ".1");
    ASSERT_LE(throttle_.networks().size(), limits::kNetworkFailuresMax);
  }
  EXPECT_EQ(throttle_.wait_ms("fresh", "192.0.2.1"), wait);
}

TEST_F(ThrottleTest, StaysBoundedWhereEveryEntryIsPenalised) {
  for (std::size_t i = 0; i < limits::kThrottleEntriesMax + 100; ++i) {
    fail("user" + std::to_string(i), "192.0.2.1", 5);
    ASSERT_LE(throttle_.size(), limits::kThrottleEntriesMax);
  }
  EXPECT_GT(throttle_.wait_ms("user" + std::to_string(limits::kThrottleEntriesMax + 99), "192.0.2.1"), 0);
}

}  // namespace
}  // namespace backplane::auth
