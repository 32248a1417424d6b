// After a change of auth.passwords: nobody learns from the cost of a check who is a user (S-20), and hashes are made
// anew at the next login.
#include <sqlite3.h>

#include <set>

#include "auth/limits.hpp"
#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

constexpr PasswordProfile kOtherProfile{16, 1};

class HashRenewal : public DaemonFixture {
 protected:
  void restart_with_the_other_profile() {
    profile_ = kOtherProfile;
    restart();
  }

  // What it costs to ask for this user.
  PasswordProfile cost_of(const std::string& user, const std::string& password) {
    log_in(user, password);
    const std::lock_guard lock(checked_mutex_);
    return profile_of(checked_).value_or(PasswordProfile{});
  }

  std::string stored_hash(const std::string& user) { return authenticator_->users().find(user)->hash; }

  // Until hash and disk are done.
  void log_in_and_settle(const std::string& user) {
    ASSERT_FALSE(log_in(user, kPassword).refusal);
    ASSERT_TRUE(wait_for_user([&](Users::Done done) {
      // Hashed after the renewal, stored after it; refused there, for the name is taken.
      authenticator_->users().add("admin", "viewer", base::Secret(std::string(kPassword)),
                                  [done](const base::Checked<User>&) { done(User{}); });
    }));
  }

  void execute(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((directory_.path() + "/backplane.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
};

TEST_F(HashRenewal, S20_NamesThatNobodyHasCostWhatUsersCost) {
  restart_with_the_other_profile();
  EXPECT_EQ(cost_of("admin", "guess"), kCheapProfile);
  EXPECT_EQ(cost_of("nobody", "guess"), kCheapProfile);
  EXPECT_EQ(cost_of("guest", "guess"), kCheapProfile) << "who has no password";
  log_in_and_settle("admin");
  log_in_and_settle("viewer");
  EXPECT_EQ(cost_of("admin", "guess"), kOtherProfile);
  EXPECT_EQ(cost_of("nobody", "guess"), kOtherProfile);
}

TEST_F(HashRenewal, S20_WhileCostsAreMixedEachNameKeepsOneAcrossRestarts) {
  restart_with_the_other_profile();
  log_in_and_settle("admin");
  std::set<PasswordProfile> costs;
  std::vector<PasswordProfile> of_names;
  const auto name = [](int i) { return "nobody" + std::to_string(i); };
  const auto address = [](int i) { return "10.0." + std::to_string(i) + ".1"; };
  const auto cost = [&](int i) {
    log_in(name(i), "guess", address(i));
    const std::lock_guard lock(checked_mutex_);
    return profile_of(checked_).value_or(PasswordProfile{});
  };
  for (int i = 0; i < 32; ++i) costs.insert(of_names.emplace_back(cost(i)));
  EXPECT_EQ(costs, (std::set{kCheapProfile, kOtherProfile}));
  restart();
  for (int i = 0; i < 32; ++i) EXPECT_EQ(cost(i), of_names[static_cast<std::size_t>(i)]) << i;
  const std::string too_long(limits::kPasswordBytesMax + 1, 'x');
  EXPECT_EQ(cost_of("admin", too_long), kOtherProfile);
  EXPECT_EQ(cost_of("viewer", too_long), kCheapProfile);
}

TEST_F(HashRenewal, AHashIsRenewedAtLoginAndNothingEnds) {
  const std::string token = token_of("viewer");
  const std::string before = stored_hash("viewer");
  restart_with_the_other_profile();
  log_in_and_settle("viewer");
  const std::string renewed = stored_hash("viewer");
  EXPECT_NE(renewed, before);
  EXPECT_EQ(profile_of(renewed), kOtherProfile);
  EXPECT_TRUE(identify_cookie(token).principal) << "the session goes on";
  restart();
  EXPECT_EQ(stored_hash("viewer"), renewed);
  EXPECT_TRUE(identify_cookie(token).principal);
  log_in_and_settle("viewer");
  EXPECT_EQ(stored_hash("viewer"), renewed) << "it has the profile by now";
}

TEST_F(HashRenewal, ARenewalThatCannotBeStoredDoesNoHarm) {
  const std::string before = stored_hash("viewer");
  stop();
  execute("CREATE TRIGGER refuse BEFORE UPDATE OF hash ON users BEGIN SELECT RAISE(FAIL, 'no'); END");
  restart_with_the_other_profile();
  log_in_and_settle("viewer");
  EXPECT_EQ(stored_hash("viewer"), before);
  stop();
  execute("DROP TRIGGER refuse");
  restart();
  log_in_and_settle("viewer");
  EXPECT_NE(stored_hash("viewer"), before) << "the next login tries again";
}

}  // namespace
}  // namespace backplane::auth
