// Sessions across restarts of the daemon, reboots of the machine, and a disk that fails.
#include <sqlite3.h>

#include <filesystem>
#include <future>

#include "auth/limits.hpp"
#include "store/limits.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

class SessionRestartTest : public DaemonFixture {
 protected:
  std::string token(std::int64_t lifetime_s, std::int64_t idle_s = 0, bool dies_with_boot = false) {
    LoginAttempt attempt;
    attempt.user = "admin";
    attempt.password = base::Secret(std::string(kPassword));
    attempt.client_address = "192.0.2.1";
    attempt.door = "kvmd";
    attempt.lifetime_s = lifetime_s;
    attempt.idle_s = idle_s;
    attempt.dies_with_boot = dies_with_boot;
    return log_in(std::move(attempt)).token.reveal();
  }

  // The machine was off for that long by the wall clock; the boot clock of ManualClock goes on, which is as good as any
  // other start value.
  void reboot() {
    boot_id_ += "+";
    restart();
  }

  bool is_in(const std::string& token) { return identify_cookie(token).principal != nullptr; }
};

TEST_F(SessionRestartTest, ASessionSurvivesARestartWithItsDeadline) {
  const std::string kept = token(60);
  clock_.advance_ms(30'000);
  restart();
  EXPECT_TRUE(is_in(kept));
  clock_.advance_ms(29'999);
  EXPECT_TRUE(is_in(kept));
  clock_.advance_ms(1);
  EXPECT_FALSE(is_in(kept));
}

TEST_F(SessionRestartTest, WithinOneBootTheWallClockHasNoSay) {
  const std::string kept = token(60);
  clock_.set_wall_ms(4'000'000'000'000);
  restart();
  EXPECT_TRUE(is_in(kept));
}

TEST_F(SessionRestartTest, WhatExpiredMeanwhileIsGoneFromTheStoreToo) {
  const std::string gone = token(60);
  const std::string kept = token(0);
  clock_.advance_ms(60'000);
  restart();
  EXPECT_FALSE(is_in(gone));
  EXPECT_TRUE(is_in(kept));
  drain_store();
  EXPECT_EQ(store::Store::open(directory_.path())->sessions()->size(), 1U);
}

TEST_F(SessionRestartTest, AfterARebootTheWallClockSaysWhatIsLeft) {
  const std::string long_one = token(3600);
  const std::string short_one = token(60);
  const std::string idle_one = token(0, 60);
  clock_.set_wall_ms(clock_.wall_ms() + 61'000);
  reboot();
  EXPECT_TRUE(is_in(long_one));
  EXPECT_FALSE(is_in(short_one));
  EXPECT_FALSE(is_in(idle_one));
  clock_.advance_ms(3'538'999);
  EXPECT_TRUE(is_in(long_one));
  clock_.advance_ms(1);
  EXPECT_FALSE(is_in(long_one));
}

TEST_F(SessionRestartTest, AClockThatFellBackGivesNobodyMoreTimeThanWasLeft) {
  const std::string kept = token(60);
  clock_.set_wall_ms(0);
  reboot();
  EXPECT_TRUE(is_in(kept));
  clock_.advance_ms(60'000);
  EXPECT_FALSE(is_in(kept));
}

TEST_F(SessionRestartTest, ASessionThatDiesWithTheBootSurvivesARestartButNoReboot) {
  const std::string bound = token(3600, 0, true);
  const std::string free = token(3600);
  restart();
  EXPECT_TRUE(is_in(bound));
  reboot();
  EXPECT_FALSE(is_in(bound));
  EXPECT_TRUE(is_in(free));
}

TEST_F(SessionRestartTest, ALoggedOutSessionStaysLoggedOut) {
  const std::string gone = token(0);
  const auto verdict = identify_cookie(gone);
  ASSERT_TRUE(verdict.principal);
  ASSERT_TRUE(wait_for([&](auto done) { authenticator_->log_out_session(verdict.principal->session, done); }));
  restart();
  EXPECT_FALSE(is_in(gone));
}

TEST_F(SessionRestartTest, ASessionOfAUserChangedBehindTheDaemonsBackIsNotTakenOver) {
  const std::string gone = token(0);
  stop();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((directory_.path() + "/backplane.db").c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "UPDATE users SET generation = generation + 1", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  restart();
  EXPECT_FALSE(is_in(gone));
}

TEST_F(SessionRestartTest, ADamagedRowLogsNobodyInAndStopsNothing) {
  const std::string kept = token(0);
  const std::string damaged = token(0);
  const std::uint64_t id = identify_cookie(damaged).principal->session;
  stop();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((directory_.path() + "/backplane.db").c_str(), &database), SQLITE_OK);
  const std::string sql = "UPDATE sessions SET token_hash = x'00' WHERE id = " + std::to_string(id);
  ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  restart();
  EXPECT_TRUE(is_in(kept));
  EXPECT_FALSE(is_in(damaged));
}

TEST_F(SessionRestartTest, ADiskThatHangsIsTold) {
  std::promise<void> release;
  bool answered = false;
  authenticator_->tick();
  store_->run<void>(
      [released = release.get_future().share()](store::Store&) -> base::Checked<void> {
        released.wait();
        return {};
      },
      [&](const base::Checked<void>&) { answered = true; });
  authenticator_->tick();
  clock_.advance_ms(store::limits::kStoreHangMs);
  authenticator_->tick();
  EXPECT_TRUE(store_->disk_problem().has_value());
  release.set_value();
  ASSERT_TRUE(loop_->run_until([&] { return answered; }));
  EXPECT_FALSE(store_->disk_problem().has_value());
}

// Stands for a disk that is too full to delete: everything else of the store works.
TEST_F(SessionRestartTest, ALogoutThatTheDatabaseCannotTakeHoldsForALaterProcess) {
  const auto execute = [this](const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((directory_.path() + "/backplane.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  };
  const auto rows = [this] {
    std::optional<std::size_t> count;
    store_->run<std::size_t>([](store::Store& store) -> base::Checked<std::size_t> { return store.sessions()->size(); },
                             [&](const base::Checked<std::size_t>& answer) { count = *answer; });
    EXPECT_TRUE(loop_->run_until([&] { return count.has_value(); }));
    return *count;
  };
  const std::string ended = token(0);
  const std::string kept = token(0);
  stop();
  execute("CREATE TRIGGER refuse BEFORE DELETE ON sessions BEGIN SELECT RAISE(FAIL, 'no'); END");
  restart();
  const std::uint64_t id = identify_cookie(ended).principal->session;
  EXPECT_TRUE(wait_for([&](auto done) { authenticator_->log_out_session(id, done); })) << "it has ended for good";
  EXPECT_FALSE(is_in(ended));
  restart();
  EXPECT_FALSE(is_in(ended));
  EXPECT_TRUE(is_in(kept));
  stop();
  execute("DROP TRIGGER refuse");
  restart();
  EXPECT_FALSE(is_in(ended));
  std::filesystem::remove(directory_.path() + "/ended");
  restart();
  EXPECT_FALSE(is_in(ended)) << "by now the database knows it";
  EXPECT_TRUE(is_in(kept));
  EXPECT_EQ(rows(), 1U);
}

TEST_F(SessionRestartTest, AFullDiskRefusesLoginsButNotWhoIsInOrSendsAPassword) {
  const std::string kept = token(0);
  store::StoreOptions options;
  options.pages_max = 1;  // not one page more than there is
  restart(options);
  std::optional<exchange::Failure> refusal;
  for (std::size_t i = 0; i < limits::kSessionsPerUserMax && !refusal; ++i) {
    LoginAttempt attempt;
    attempt.user = "viewer";
    attempt.password = base::Secret(std::string(kPassword));
    attempt.user_agent = std::string(256, 'u');
    LoginOutcome outcome = log_in(std::move(attempt));
    EXPECT_EQ(outcome.refusal.has_value(), outcome.token.empty());
    refusal = outcome.refusal;
  }
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->error, base::Error::kUnavailable);
  ASSERT_TRUE(store_->disk_problem().has_value());
  EXPECT_NE(store_->disk_problem()->message().find("full"), std::string::npos);
  EXPECT_TRUE(is_in(kept));
  EXPECT_TRUE(identify({{"X-KVMD-User", "viewer"}, {"X-KVMD-Passwd", kPassword}}).principal);
  restart();
  EXPECT_TRUE(is_in(kept)) << "nothing was lost";
}

}  // namespace
}  // namespace backplane::auth
