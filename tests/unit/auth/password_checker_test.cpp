#include "auth/password_checker.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "auth/limits.hpp"
#include "support/test_loop.hpp"

namespace backplane::auth {
namespace {

constexpr PasswordProfile kCheap{8, 1};

PasswordChecker::Question question(const std::string& user, const std::string& hash, const std::string& password) {
  return {user, hash, base::Secret(password)};
}

using Outcome = PasswordChecker::Outcome;

const CheckQueue::Place kPlace{
    .network = "network", .failures = 0, .places_max = limits::kPasswordChecksWaitingMax + 1};

class PasswordCheckerTest : public ::testing::Test {
 protected:
  bool ask(const PasswordChecker::Question& asked) {
    std::optional<bool> answer;
    EXPECT_TRUE(checker_.check(checker_.name_of(asked), asked, kPlace,
                               [&](Outcome outcome) { answer = outcome == Outcome::kRight; }));
    EXPECT_FALSE(answer.has_value()) << "never before check() returns";
    EXPECT_TRUE(loop_.run_until([&] { return answer.has_value(); }));
    return *answer;
  }

  const std::string hash_ = hash_password(base::Secret(std::string("password")), kCheap);
  base::ManualClock clock_;
  support::TestLoop loop_;
  int runs_ = 0;  // each argon2 gives the executor one job
  std::mutex runs_mutex_;
  PasswordChecker checker_{clock_,
                           [this, post = loop_.executor()](std::function<void()> job) {
                             {
                               const std::lock_guard lock(runs_mutex_);
                               ++runs_;
                             }
                             post(std::move(job));
                           },
                           kCheap};
};

TEST_F(PasswordCheckerTest, RemembersARightAnswerForAMinuteAndNoWrongOne) {
  const auto right = question("admin", hash_, "password");
  const auto wrong = question("admin", hash_, "passwort");
  EXPECT_TRUE(ask(right));
  EXPECT_FALSE(ask(wrong));
  EXPECT_TRUE(checker_.remembers(checker_.name_of(right)));
  EXPECT_FALSE(checker_.remembers(checker_.name_of(wrong)));
  clock_.advance_ms(limits::kPasswordCacheMs - 1);
  EXPECT_TRUE(checker_.remembers(checker_.name_of(right)));
  clock_.advance_ms(1);
  EXPECT_FALSE(checker_.remembers(checker_.name_of(right)));
}

TEST_F(PasswordCheckerTest, S38_WhatIsRememberedDiesWithAnyChangeOfTheUser) {
  const auto asked = question("admin", hash_, "password");
  const auto other = question("other", hash_, "password");
  ASSERT_TRUE(ask(asked));
  ASSERT_TRUE(ask(other));
  checker_.forget("admin");
  EXPECT_FALSE(checker_.remembers(checker_.name_of(asked)));
  EXPECT_TRUE(checker_.remembers(checker_.name_of(other)));
  const std::string new_hash = hash_password(base::Secret(std::string("password")), kCheap);
  EXPECT_FALSE(checker_.remembers(checker_.name_of(question("other", new_hash, "password"))));
}

TEST_F(PasswordCheckerTest, S38_NoTwoQuestionsShareAName) {
  const auto name = [&](const char* user, const char* hash, const char* password) {
    return checker_.name_of(question(user, hash, password));
  };
  EXPECT_NE(name("ab", "c", "d"), name("a", "bc", "d"));
  EXPECT_NE(name("a", "bc", "d"), name("a", "b", "cd"));
  EXPECT_NE(name("", "a", "b"), name("a", "", "b"));
  EXPECT_EQ(name("a", "b", "c"), name("a", "b", "c"));
  PasswordChecker other(clock_, loop_.executor(), kCheap);
  EXPECT_NE(other.name_of(question("a", "b", "c")), name("a", "b", "c")) << "the key is this checker's own";
}

TEST_F(PasswordCheckerTest, EqualQuestionsAskedTogetherCostOneHash) {
  const auto asked = question("admin", hash_, "password");
  int answers = 0;
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(checker_.check(checker_.name_of(asked), asked, kPlace,
                               [&](Outcome outcome) { answers += outcome == Outcome::kRight ? 1 : 0; }));
  }
  EXPECT_TRUE(checker_.is_pending(checker_.name_of(asked)));
  ASSERT_TRUE(loop_.run_until([&] { return answers == 200; }));
  EXPECT_EQ(runs_, 1);
  EXPECT_FALSE(checker_.is_pending(checker_.name_of(asked)));
}

TEST_F(PasswordCheckerTest, TheCacheIsBounded) {
  const auto first = question("user0", hash_, "password");
  ASSERT_TRUE(ask(first));
  for (std::size_t i = 1; i <= limits::kPasswordCacheMax; ++i) {
    clock_.advance_ms(1);
    ASSERT_TRUE(ask(question("user" + std::to_string(i), hash_, "password")));
  }
  EXPECT_FALSE(checker_.remembers(checker_.name_of(first)));
}

TEST(PasswordChecker, AnAllocationThatFailsOnTheWorkerEndsNothingAndIsRememberedAsNothing) {
  base::ManualClock clock;
  support::TestLoop loop;
  PasswordChecker checker(clock, loop.executor(), kCheap,
                          [](std::string_view, const base::Secret&) -> PasswordMatch { throw std::bad_alloc(); });
  const auto asked = question("admin", "", "password");
  std::optional<Outcome> answer;
  ASSERT_TRUE(checker.check(checker.name_of(asked), asked, kPlace, [&](Outcome outcome) { answer = outcome; }));
  ASSERT_TRUE(loop.run_until([&] { return answer.has_value(); }));
  EXPECT_EQ(*answer, Outcome::kNoMemory);
  EXPECT_FALSE(checker.remembers(checker.name_of(asked)));
}

TEST(PasswordChecker, RefusesMoreQuestionsThanMayWait) {
  base::ManualClock clock;
  support::TestLoop loop;
  std::promise<void> blocked;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  bool first = true;
  // The executor runs on the worker: holding it there holds the queue.
  PasswordChecker checker(
      clock,
      [&, post = loop.executor()](std::function<void()> job) {
        if (std::exchange(first, false)) blocked.set_value();
        released.wait();
        post(std::move(job));
      },
      kCheap);
  std::size_t answers = 0;
  const auto ask = [&](std::size_t i) {
    const auto asked = question("user" + std::to_string(i), "", "password");
    return checker.check(checker.name_of(asked), asked, kPlace, [&](Outcome) { ++answers; });
  };
  ASSERT_TRUE(ask(0));
  blocked.get_future().wait();
  for (std::size_t i = 1; i <= limits::kPasswordChecksWaitingMax; ++i) EXPECT_TRUE(ask(i));
  EXPECT_FALSE(ask(1000));
  EXPECT_TRUE(ask(1)) << "joining costs no place";
  std::size_t hashes = 0;
  const auto hash = [&] { return checker.hash(base::Secret(std::string("x")), [&](const std::string&) { ++hashes; }); };
  for (std::size_t i = 0; i < limits::kPasswordHashesWaitingMax; ++i) EXPECT_TRUE(hash()) << "they have places apart";
  EXPECT_FALSE(hash());
  release.set_value();
  ASSERT_TRUE(loop.run_until(
      [&] { return answers == limits::kPasswordChecksWaitingMax + 2 && hashes == limits::kPasswordHashesWaitingMax; }));
}

}  // namespace
}  // namespace backplane::auth
