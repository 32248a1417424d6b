// Codes of second factors (RFC 6238), and when one is spent (contracts/README.md "TOTP").
#include "auth/crypto/totp.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

const std::string kKey = "12345678901234567890";  // RFC 6238, appendix B

TEST(Totp, TheCodesAreThoseOfRfc6238) {
  EXPECT_EQ(totp_code(kKey, 59 / 30), "287082");
  EXPECT_EQ(totp_code(kKey, 1111111109 / 30), "081804");
  EXPECT_EQ(totp_code(kKey, 1234567890 / 30), "005924");
  EXPECT_EQ(totp_code(kKey, 20000000000 / 30), "353130");
}

TEST(Totp, ACodeIsGoodOneStepBeforeAndAfterItsTime) {
  const std::int64_t step = 40'000'000;
  const std::string code = totp_code(kKey, step);
  EXPECT_EQ(find_totp_step(kKey, code, step * 30'000), step);
  EXPECT_EQ(find_totp_step(kKey, code, (step - 1) * 30'000), step);
  EXPECT_EQ(find_totp_step(kKey, code, (step + 2) * 30'000 - 1), step);
  EXPECT_FALSE(find_totp_step(kKey, code, (step + 2) * 30'000));
  EXPECT_FALSE(find_totp_step(kKey, code, (step - 1) * 30'000 - 1));
  EXPECT_FALSE(find_totp_step(kKey, "", step * 30'000));
  EXPECT_FALSE(find_totp_step(kKey, code + "0", step * 30'000));
}

TEST(Totp, TheKeyIsShownAsAppsReadIt) {
  EXPECT_EQ(totp_key_text(kKey).reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(totp_url(kKey, "ann", "my kvm").reveal(),
            "otpauth://totp/my%20kvm:ann?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=my%20kvm");
}

class TotpLogin : public DaemonFixture {
 protected:
  void SetUp() override {
    DaemonFixture::SetUp();
    enable(kKey);
  }

  void enable(const std::string& key) {
    bool done = false;
    authenticator_->users().set_totp("viewer", base::Secret(key), [&](const base::Checked<User>& changed) {
      EXPECT_TRUE(changed);
      done = true;
    });
    EXPECT_TRUE(loop_->run_until([&] { return done; }));
  }

  std::string code(int steps_from_now = 0) const { return totp_code(kKey, clock_.wall_ms() / 30'000 + steps_from_now); }
  std::string password_and_code() const { return kPassword + code(); }

  bool logs_in(const std::string& password, const std::string& address = "192.0.2.1") {
    return !log_in("viewer", password, address).refusal.has_value();
  }
  bool passes(const std::string& password, const std::string& address = "192.0.2.1") {
    return identify({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", password}}, address).principal != nullptr;
  }
  LoginOutcome second_step(const std::string& given) {
    LoginAttempt attempt;
    attempt.user = "viewer";
    attempt.password = base::Secret(std::string(kPassword));
    attempt.code = given;
    attempt.client_address = "192.0.2.1";
    attempt.door = "gravwell";
    return log_in(std::move(attempt));
  }
};

TEST_F(TotpLogin, TheCodeStandsBehindThePassword) {
  EXPECT_FALSE(logs_in(kPassword));
  EXPECT_FALSE(logs_in(kPassword + std::string("000000")));
  EXPECT_FALSE(logs_in(code()));
  EXPECT_TRUE(logs_in(password_and_code()));
}

TEST_F(TotpLogin, S16_ACodeThatMadeASessionIsSpentForEverything) {
  const std::string given = password_and_code();
  EXPECT_TRUE(logs_in(given));
  EXPECT_FALSE(logs_in(given));
  EXPECT_FALSE(passes(given));
  EXPECT_FALSE(logs_in(kPassword + code(-1))) << "and so are those before it";
  clock_.advance_ms(30'000);
  EXPECT_TRUE(logs_in(password_and_code()));
}

TEST_F(TotpLogin, ASpentCodeStaysSpentAcrossARestart) {
  const std::string given = password_and_code();
  EXPECT_TRUE(logs_in(given));
  restart();
  EXPECT_FALSE(logs_in(given));
}

TEST_F(TotpLogin, S16_ALoginWhileTheClockIsAheadLocksNobodyOutAndItsCodeStaysSpent) {
  constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  const std::int64_t right = clock_.wall_ms();
  const std::string today = password_and_code();
  clock_.set_wall_ms(right + kDayMs);
  const std::string ahead = password_and_code();
  ASSERT_TRUE(logs_in(ahead));
  clock_.set_wall_ms(right);
  restart();
  EXPECT_TRUE(logs_in(today)) << "the clock is right again";
  EXPECT_FALSE(logs_in(today));
  EXPECT_FALSE(passes(today));
  clock_.set_wall_ms(right + kDayMs);
  restart();
  EXPECT_FALSE(logs_in(ahead)) << "a day later it is spent still";
  EXPECT_FALSE(passes(ahead));
  EXPECT_FALSE(logs_in(kPassword + code(-1))) << "and so is the one before it";
  EXPECT_TRUE(logs_in(kPassword + code(1)));
}

TEST_F(TotpLogin, S16_SettingTheClockBackMakesNoUsedCodeFresh) {
  const std::int64_t first = clock_.wall_ms();
  std::vector<std::string> used;
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(logs_in(used.emplace_back(password_and_code())));
    clock_.advance_ms(30'000);
  }
  restart();
  for (std::size_t i = 0; i < used.size(); ++i) {
    clock_.advance_ms(3'600'000);  // guesses are forgotten
    clock_.set_wall_ms(first + 30'000 * static_cast<std::int64_t>(i));
    EXPECT_FALSE(logs_in(used[i])) << i;
  }
}

TEST_F(TotpLogin, S16_ACodeOfAnAddressStaysItsOwnWhenTheClockJumps) {
  const std::int64_t right = clock_.wall_ms();
  const std::string given = password_and_code();
  ASSERT_TRUE(passes(given));
  clock_.set_wall_ms(right + 86'400'000);
  ASSERT_TRUE(passes(password_and_code()));
  clock_.set_wall_ms(right);
  EXPECT_FALSE(passes(given, "192.0.2.77"));
  EXPECT_TRUE(passes(given));
}

TEST_F(TotpLogin, S16_OfTwoLoginsAtOnceWithOneCodeOneMakesASession) {
  int made = 0;
  int answered = 0;
  for (int i = 0; i < 2; ++i) {
    LoginAttempt attempt;
    attempt.user = "viewer";
    attempt.password = base::Secret(password_and_code());
    attempt.door = "kvmd";
    authenticator_->log_in(std::move(attempt), [&](const LoginOutcome& outcome) {
      made += outcome.refusal ? 0 : 1;
      ++answered;
    });
  }
  ASSERT_TRUE(loop_->run_until([&] { return answered == 2; }));
  EXPECT_EQ(made, 1);
}

TEST_F(TotpLogin, OnSingleRequestsACodeKeepsWorkingForItsAddressAlone) {
  const std::string given = password_and_code();
  EXPECT_TRUE(passes(given));
  EXPECT_TRUE(passes(given));
  EXPECT_FALSE(passes(given, "192.0.2.77"));
  EXPECT_FALSE(logs_in(given)) << "it makes no session";
  clock_.advance_ms(90'000);
  EXPECT_FALSE(passes(given)) << "its window is over";
}

TEST_F(TotpLogin, TheSecondStepAsksForTheCodeOnlyAfterTheRightPassword) {
  const LoginOutcome asked = second_step("");
  EXPECT_TRUE(asked.refusal.has_value());
  EXPECT_TRUE(asked.code_needed);
  EXPECT_FALSE(second_step("000000").code_needed);
  EXPECT_FALSE(second_step(code()).refusal.has_value());

  LoginAttempt wrong;
  wrong.user = "viewer";
  wrong.password = base::Secret(std::string("wrong password"));
  wrong.code = "";
  wrong.door = "gravwell";
  EXPECT_FALSE(log_in(std::move(wrong)).code_needed);
}

TEST_F(TotpLogin, S05_GuessingCodesIsSlowedDownAlthoughThePasswordIsRemembered) {
  EXPECT_TRUE(passes(password_and_code()));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(passes(kPassword + std::string("00000") + static_cast<char>('0' + i)));
  const Verdict verdict = identify({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", password_and_code()}});
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->error, base::Error::kThrottled);
}

TEST_F(TotpLogin, S05_GuessesOfCodesAreCountedTogetherWhereverTheyComeFrom) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(
        passes(kPassword + std::string("00000") + static_cast<char>('0' + i), "10.0." + std::to_string(i) + ".1"));
  }
  const Verdict verdict = identify({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", password_and_code()}}, "203.0.113.1");
  ASSERT_TRUE(verdict.refusal);
  EXPECT_EQ(verdict.refusal->error, base::Error::kThrottled);
  clock_.advance_ms(60'000);
  EXPECT_TRUE(passes(password_and_code(), "203.0.113.1"));
}

TEST_F(TotpLogin, TriesThatNobodyLookedAtLengthenNoWait) {
  for (int i = 0; i < 5; ++i) passes(kPassword + std::string("00000") + static_cast<char>('0' + i), "10.0.0.1");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(passes(password_and_code(), "203.0.113.1"));
  clock_.advance_ms(1000);
  EXPECT_TRUE(passes(password_and_code(), "203.0.113.1"));
}

TEST_F(TotpLogin, S05_GuessesThatJoinACheckUnderWayCountAsWell) {
  int answered = 0;
  int throttled = 0;
  constexpr int kGuesses = 20;
  for (int i = 0; i < kGuesses; ++i) {
    LoginAttempt attempt;
    attempt.user = "viewer";
    attempt.password = base::Secret(std::string(kPassword));
    attempt.code = std::to_string(100'000 + i);
    attempt.client_address = "192.0.2.1";
    attempt.door = "gravwell";
    authenticator_->log_in(std::move(attempt), [&](const LoginOutcome& outcome) {
      ++answered;
      throttled += outcome.refusal && outcome.refusal->error == base::Error::kThrottled ? 1 : 0;
    });
  }
  ASSERT_TRUE(loop_->run_until([&] { return answered == kGuesses; }));
  EXPECT_GE(throttled, kGuesses - 5);
}

TEST_F(TotpLogin, AnotherRoleMakesNoUsedCodeFresh) {
  const std::string given = password_and_code();
  EXPECT_TRUE(passes(given));
  bool done = false;
  authenticator_->users().set_role("viewer", "operator", [&](const auto&) { done = true; });
  ASSERT_TRUE(loop_->run_until([&] { return done; }));
  EXPECT_FALSE(passes(given, "192.0.2.77"));
  EXPECT_FALSE(logs_in(given));
}

TEST_F(TotpLogin, ANewKeyStartsAnew) {
  EXPECT_TRUE(logs_in(password_and_code()));
  const std::string other = "abcdefghijklmnopqrst";
  enable(other);
  EXPECT_TRUE(logs_in(kPassword + totp_code(other, clock_.wall_ms() / 30'000)));
}

TEST_F(TotpLogin, WithoutASecondFactorThePasswordIsEnoughAgain) {
  enable("");
  EXPECT_TRUE(logs_in(kPassword));
}

}  // namespace
}  // namespace backplane::auth
