// log_in and log_out, which all doors share.
#include <future>

#include "auth/limits.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

class LoginTest : public DaemonFixture {};

TEST_F(LoginTest, S34_ATokenComesWithThePrincipalOfTheVerifiedUser) {
  const LoginOutcome outcome = log_in("admin", kPassword);
  ASSERT_FALSE(outcome.refusal);
  EXPECT_EQ(outcome.token.reveal().size(), 64U);
  EXPECT_EQ(outcome.principal->user, "admin");
  EXPECT_EQ(outcome.principal->uid, 1);
  EXPECT_EQ(outcome.principal->session, outcome.session);
  EXPECT_TRUE(outcome.principal->may("users"));
}

TEST_F(LoginTest, S20_S33_EveryWrongLoginGetsTheSameAnswer) {
  ASSERT_TRUE(
      wait_for_user([&](Users::Done done) { authenticator_->users().set_enabled("viewer", false, std::move(done)); }));
  const std::pair<std::string, std::string> wrong[] = {{"admin", "wrong password"},
                                                       {"nobody", "wrong password"},
                                                       {"admin", ""},
                                                       {"nobody", ""},
                                                       {"viewer", kPassword},
                                                       {"guest", ""},
                                                       {"guest", "guest"},
                                                       {"", ""},
                                                       {"Admin", kPassword},
                                                       {"admin ", kPassword},
                                                       {"admin", std::string(5000, 'x')}};
  for (const auto& [user, password] : wrong) {
    const LoginOutcome outcome = log_in(user, password);
    ASSERT_TRUE(outcome.refusal.has_value()) << user;
    EXPECT_EQ(outcome.refusal->error, base::Error::kForbidden) << user;
    EXPECT_EQ(outcome.refusal->text, "") << user;
    EXPECT_EQ(outcome.refusal->status, 0) << user;
    EXPECT_EQ(outcome.refusal->retry_after_s, -1) << user;
    EXPECT_TRUE(outcome.token.empty()) << user;
    EXPECT_EQ(outcome.principal, nullptr) << user;
  }
  EXPECT_EQ(authenticator_->sessions().size(), 0U);
}

TEST_F(LoginTest, EveryLoginMakesANewToken) {
  const std::string first = token_of("admin");
  const std::string second = token_of("admin");
  EXPECT_NE(first, second);
  EXPECT_TRUE(identify_cookie(first).principal);
  EXPECT_TRUE(identify_cookie(second).principal);
}

// The password is remembered from the first login, so that the second is answered without a hash.
TEST_F(LoginTest, S05_ALoginByARememberedPasswordMakesItsAddressKnownToo) {
  EXPECT_TRUE(log_in("admin", kPassword, "192.0.2.1").principal);
  EXPECT_TRUE(log_in("admin", kPassword, "203.0.113.7").principal);
  for (int guess = 0; guess < 30; ++guess) log_in("admin", "wrong" + std::to_string(guess), "203.0.113.8");
  EXPECT_FALSE(log_in("admin", kPassword, "203.0.113.9").principal) << "a stranger there waits";
  EXPECT_TRUE(log_in("admin", kPassword, "203.0.113.7").principal);
}

TEST_F(LoginTest, LogoutOfASessionLeavesTheUsersOthers) {
  const LoginOutcome first = log_in("admin", kPassword);
  const std::string second = token_of("admin");
  ASSERT_TRUE(wait_for([&](auto done) { authenticator_->log_out_session(first.session, done); }));
  EXPECT_EQ(identify_cookie(first.token.reveal()).refusal->error, base::Error::kForbidden);
  EXPECT_TRUE(identify_cookie(second).principal);
}

TEST_F(LoginTest, LogoutOfAUserEndsAllItsSessionsAndTellsTheListeners) {
  const std::string first = token_of("admin");
  const std::string second = token_of("admin");
  const std::string other = token_of("viewer");
  int ended = 0;
  authenticator_->sessions().on_ended([&](const Session& session, SessionEnd reason) {
    EXPECT_EQ(session.uid, 1);
    EXPECT_EQ(reason, SessionEnd::kLogout);
    ++ended;
  });
  ASSERT_TRUE(wait_for([&](auto done) { authenticator_->log_out_user(1, done); }));
  EXPECT_EQ(ended, 2);
  EXPECT_FALSE(identify_cookie(first).principal);
  EXPECT_FALSE(identify_cookie(second).principal);
  EXPECT_TRUE(identify_cookie(other).principal);
}

TEST_F(LoginTest, S05_GuessingIsSlowedDownThereAndNowhereElse) {
  for (int i = 0; i < limits::kThrottleFreeFailures; ++i) {
    EXPECT_EQ(log_in("admin", "guess " + std::to_string(i), "203.0.113.5").refusal->error, base::Error::kForbidden);
  }
  const LoginOutcome blocked = log_in("admin", kPassword, "203.0.113.77");
  ASSERT_TRUE(blocked.refusal.has_value());
  EXPECT_EQ(blocked.refusal->error, base::Error::kThrottled);
  EXPECT_EQ(blocked.refusal->retry_after_s, 1);
  EXPECT_FALSE(log_in("admin", kPassword, "192.0.2.1").refusal) << "a clean network";
  EXPECT_FALSE(log_in("viewer", kPassword, "203.0.113.5").refusal) << "another account";
  clock_.advance_ms(1000);
  EXPECT_FALSE(log_in("admin", kPassword, "203.0.113.5").refusal) << "when the wait is over";
}

TEST_F(LoginTest, S05_ARememberedPasswordDoesNotHelpABlockedGuesser) {
  ASSERT_FALSE(log_in("admin", kPassword, "192.0.2.1").refusal);
  for (int i = 0; i < limits::kThrottleFreeFailures; ++i) log_in("admin", "guess", "203.0.113.5");
  EXPECT_EQ(log_in("admin", kPassword, "203.0.113.5").refusal->error, base::Error::kThrottled);
}

TEST_F(LoginTest, S05_UnknownAccountsAreSlowedDownLikeKnownOnes) {
  for (int i = 0; i < limits::kThrottleFreeFailures; ++i) log_in("nobody", "guess", "203.0.113.5");
  EXPECT_EQ(log_in("nobody", "guess", "203.0.113.5").refusal->error, base::Error::kThrottled);
}

TEST_F(LoginTest, TheThrottleCanBeSwitchedOff) {
  authenticator_->reload({"admin", "operator", "viewer"}, {}, false);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(log_in("admin", "guess", "203.0.113.5").refusal->error, base::Error::kForbidden);
  }
}

TEST_F(LoginTest, S13_APasswordThatWasRightWhenTheCheckBeganButNotWhenItEndedOpensNothing) {
  bool changed = false;
  authenticator_->users().set_enabled("viewer", false, [&](const base::Checked<User>& user) {
    EXPECT_TRUE(user);
    changed = true;
  });
  // When the second job runs, the answer of the first stands in the loop, before the answer of the check below.
  std::promise<void> stored;
  store_->run<void>(
      [&](store::Store&) -> base::Checked<void> {
        stored.set_value();
        return {};
      },
      [](const base::Checked<void>&) {});
  stored.get_future().wait();
  LoginAttempt attempt;
  attempt.user = "viewer";
  attempt.password = base::Secret(std::string(kPassword));
  std::optional<LoginOutcome> outcome;
  ASSERT_TRUE(authenticator_->users().find("viewer")->enabled) << "the check begins under the old state";
  authenticator_->log_in(std::move(attempt), [&](LoginOutcome answer) {
    EXPECT_TRUE(changed);
    outcome = std::move(answer);
  });
  ASSERT_TRUE(loop_->run_until([&] { return outcome.has_value(); }));
  ASSERT_TRUE(outcome->refusal.has_value());
  EXPECT_EQ(outcome->refusal->error, base::Error::kForbidden);
  EXPECT_EQ(authenticator_->sessions().size(), 0U);
}

TEST_F(LoginTest, S05_WithoutMemoryALoginIsToldToTryAgainAndIsNoFailure) {
  no_memory_ = true;
  for (int i = 0; i < 3 * limits::kThrottleFreeFailures; ++i) {
    const LoginOutcome outcome = log_in("admin", kPassword);
    ASSERT_TRUE(outcome.refusal.has_value());
    EXPECT_EQ(outcome.refusal->error, base::Error::kUnavailable);
    EXPECT_GT(outcome.refusal->retry_after_s, 0);
    const Verdict verdict = identify({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", kPassword}});
    ASSERT_TRUE(verdict.refusal.has_value());
    EXPECT_EQ(verdict.refusal->error, base::Error::kUnavailable);
    EXPECT_GT(verdict.refusal->retry_after_s, 0);
  }
  no_memory_ = false;
  EXPECT_FALSE(log_in("admin", kPassword).refusal);
  EXPECT_FALSE(log_in("viewer", kPassword).refusal);
}

// Each of these guesses at a name of its own, so that no account is slowed down.
TEST_F(LoginTest, S05_OneNetworkLeavesPlacesInTheQueueOfPasswordChecks) {
  int busy = 0;
  int answered = 0;
  const auto guess = [&](const std::string& user, const std::string& address) {
    LoginAttempt attempt;
    attempt.user = user;
    attempt.password = base::Secret(std::string(kPassword));
    attempt.client_address = address;
    attempt.door = "kvmd";
    authenticator_->log_in(std::move(attempt), [&](const LoginOutcome& outcome) {
      ++answered;
      busy += outcome.refusal && outcome.refusal->error == base::Error::kThrottled ? 1 : 0;
    });
  };
  constexpr int kGuesses = 30;
  for (int i = 0; i < kGuesses; ++i) guess("nobody" + std::to_string(i), "198.51.100." + std::to_string(i));
  EXPECT_GE(busy, kGuesses - static_cast<int>(limits::kPasswordChecksPerNetworkMax));
  const int refused = busy;
  guess("admin", "203.0.113.1");
  ASSERT_TRUE(loop_->run_until([&] { return answered == kGuesses + 1; }));
  EXPECT_EQ(busy, refused) << "the owner elsewhere gets in";
}

}  // namespace
}  // namespace backplane::auth
