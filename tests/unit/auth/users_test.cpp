#include "auth/users.hpp"

#include "unit/auth/daemon_fixture.hpp"

namespace backplane::auth {
namespace {

class UsersTest : public DaemonFixture {
 protected:
  base::Checked<User> add(const std::string& name, const std::string& role, const std::string& password) {
    return wait_for_user(
        [&](Users::Done done) { authenticator_->users().add(name, role, base::Secret(password), std::move(done)); });
  }
};

TEST_F(UsersTest, AnAddedUserLogsInNowAndAfterARestart) {
  const auto added = add("jane", "operator", "a good password");
  ASSERT_TRUE(added) << added.error().message();
  EXPECT_EQ(added->uid, 4);
  EXPECT_FALSE(log_in("jane", "a good password").refusal);
  restart();
  EXPECT_FALSE(log_in("jane", "a good password").refusal);
  ASSERT_NE(authenticator_->users().find("jane"), nullptr);
  EXPECT_EQ(authenticator_->users().find("jane")->role, "operator");
}

TEST_F(UsersTest, RefusesBadNamesRolesAndPasswordsBeforeHashing) {
  EXPECT_EQ(add("Jane", "operator", "a good password").error().code, base::Error::kInvalid);
  EXPECT_EQ(add("jane", "root", "a good password").error().code, base::Error::kInvalid);
  EXPECT_EQ(add("jane", "operator", "short").error().code, base::Error::kInvalid);
  EXPECT_EQ(add("admin", "operator", "a good password").error().code, base::Error::kConflict);
  EXPECT_EQ(authenticator_->users().list().size(), 3U);
}

TEST_F(UsersTest, ListsByNumber) {
  const auto users = authenticator_->users().list();
  ASSERT_EQ(users.size(), 3U);
  EXPECT_EQ(users[0]->name, "admin");
  EXPECT_EQ(users[1]->name, "guest");
  EXPECT_EQ(users[2]->name, "viewer");
}

TEST_F(UsersTest, SettingGuestsPasswordOpensIt) {
  EXPECT_TRUE(log_in("guest", "a good password").refusal);
  ASSERT_TRUE(wait_for_user([&](Users::Done done) {
    authenticator_->users().set_password("guest", base::Secret(std::string("a good password")), std::move(done));
  }));
  const LoginOutcome outcome = log_in("guest", "a good password");
  ASSERT_FALSE(outcome.refusal);
  EXPECT_EQ(outcome.principal->role, "viewer");
}

TEST_F(UsersTest, TheLastAdminCannotBeRemoved) {
  const auto removed =
      wait_for_user([&](Users::Done done) { authenticator_->users().remove("admin", std::move(done)); });
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, base::Error::kConflict);
  EXPECT_FALSE(log_in("admin", kPassword).refusal);
}

TEST_F(UsersTest, S13_EveryChangeEndsWhatTheUserHasOpenAndTellsTheListeners) {
  std::vector<std::string> changed;
  std::vector<std::uint64_t> ended;
  authenticator_->users().on_changed([&](const User& user) { changed.push_back(user.name); });
  authenticator_->sessions().on_ended([&](const Session& session, SessionEnd reason) {
    EXPECT_EQ(reason, SessionEnd::kUserChanged);
    ended.push_back(session.id);
  });
  Users& users = authenticator_->users();
  const std::string admin = token_of("admin");
  std::string token = token_of("viewer");
  const auto expect_ended = [&](const char* what) {
    EXPECT_EQ(identify_cookie(token).refusal->error, base::Error::kForbidden) << what;
    EXPECT_EQ(changed, std::vector<std::string>{"viewer"}) << what;
    EXPECT_EQ(ended.size(), 1U) << what;
    changed.clear();
    ended.clear();
  };
  ASSERT_TRUE(wait_for_user([&](Users::Done done) { users.set_role("viewer", "operator", std::move(done)); }));
  expect_ended("role");
  token = token_of("viewer");
  ASSERT_TRUE(wait_for_user([&](Users::Done done) { users.set_enabled("viewer", false, std::move(done)); }));
  expect_ended("lock");
  EXPECT_EQ(log_in("viewer", kPassword).refusal->error, base::Error::kForbidden);
  ASSERT_TRUE(wait_for_user([&](Users::Done done) { users.set_enabled("viewer", true, std::move(done)); }));
  changed.clear();
  token = token_of("viewer");
  ASSERT_TRUE(wait_for_user([&](Users::Done done) {
    users.set_password("viewer", base::Secret(std::string("another password")), std::move(done));
  }));
  expect_ended("password");
  EXPECT_TRUE(log_in("viewer", kPassword).refusal) << "the remembered answer died with the password";
  const LoginOutcome again = log_in("viewer", "another password");
  ASSERT_FALSE(again.refusal);
  token = again.token.reveal();
  ASSERT_TRUE(wait_for_user([&](Users::Done done) { users.remove("viewer", std::move(done)); }));
  expect_ended("removal");
  EXPECT_TRUE(identify_cookie(admin).principal) << "others are untouched";
}

}  // namespace
}  // namespace backplane::auth
