#include "auth/user_changes.hpp"

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace backplane::auth {
namespace {

constexpr PasswordProfile kCheap{8, 1};

class UserChangesTest : public ::testing::Test {
 protected:
  support::TemporaryDirectory directory_;
  store::Store store_ = std::move(*store::Store::open(directory_.path()));
  base::ManualClock clock_;
};

TEST_F(UserChangesTest, S01_TheFirstStartMakesAnAdminWithARandomPasswordOnce) {
  const auto first = ensure_first_admin(store_, kCheap, clock_);
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->has_value());
  const User admin = **store_.user("admin");
  EXPECT_EQ(admin.uid, 1);
  EXPECT_EQ(admin.role, "admin");
  EXPECT_TRUE(may_log_in(admin));
  EXPECT_EQ(verify_password(admin.hash, **first), PasswordMatch::kYes);
  for (const char* known : {"", "admin", "password", "changeme", "root", "dragonadmin"}) {
    EXPECT_EQ(verify_password(admin.hash, base::Secret(std::string(known))), PasswordMatch::kNo) << known;
  }
  const auto second = ensure_first_admin(store_, kCheap, clock_);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->has_value());
  EXPECT_EQ(verify_password((*store_.user("admin"))->hash, **first), PasswordMatch::kYes) << "valid until replaced";
}

TEST_F(UserChangesTest, S01_TwoInstallsHaveDifferentPasswords) {
  support::TemporaryDirectory other_directory;
  store::Store other = std::move(*store::Store::open(other_directory.path()));
  EXPECT_NE((*ensure_first_admin(store_, kCheap, clock_))->reveal(),
            (*ensure_first_admin(other, kCheap, clock_))->reveal());
}

TEST_F(UserChangesTest, S33_GuestExistsButNoPasswordOpensItUntilOneIsSet) {
  ASSERT_TRUE(ensure_first_admin(store_, kCheap, clock_));
  const User guest = **store_.user("guest");
  EXPECT_EQ(guest.role, "viewer");
  EXPECT_FALSE(guest.enabled);
  EXPECT_FALSE(may_log_in(guest));
  const auto opened = change_password(store_, "guest", "hash", 7);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->enabled);
  EXPECT_EQ(opened->password_changed_ms, 7);
}

TEST_F(UserChangesTest, SettingThePasswordOfALockedAccountDoesNotUnlockIt) {
  ASSERT_TRUE(add_user(store_, "a", "viewer", "hash", 0));
  ASSERT_TRUE(change_enabled(store_, "a", false));
  EXPECT_FALSE(change_password(store_, "a", "other", 0)->enabled);
}

TEST_F(UserChangesTest, TheLastAdminWhoCanLogInStays) {
  ASSERT_TRUE(add_user(store_, "admin", "admin", "hash", 0));
  ASSERT_TRUE(add_user(store_, "second", "admin", "hash", 0));
  ASSERT_TRUE(change_enabled(store_, "second", false));
  EXPECT_EQ(delete_user(store_, "admin").error().code, base::Error::kConflict);
  EXPECT_EQ(change_role(store_, "admin", "viewer").error().code, base::Error::kConflict);
  EXPECT_EQ(change_enabled(store_, "admin", false).error().code, base::Error::kConflict);
  const User admin = **store_.user("admin");
  EXPECT_EQ(admin.role, "admin");
  EXPECT_TRUE(admin.enabled);
  EXPECT_EQ(admin.generation, 1) << "what was refused changed nothing";
  ASSERT_TRUE(change_enabled(store_, "second", true));
  EXPECT_TRUE(delete_user(store_, "admin"));
  EXPECT_EQ(delete_user(store_, "second").error().code, base::Error::kConflict);
}

TEST_F(UserChangesTest, S13_EveryChangeEndsTheStoredSessions) {
  const User user = *add_user(store_, "a", "viewer", "hash", 0);
  std::uint64_t id = 0;
  const auto with_session = [&] {
    store::SessionRow row;
    row.id = ++id;
    row.token_hash = std::string(32, static_cast<char>(id));
    row.uid = user.uid;
    row.generation = (*store_.user("a"))->generation;
    ASSERT_TRUE(store_.insert_session(row));
  };
  with_session();
  ASSERT_TRUE(change_password(store_, "a", "hash2", 0));
  EXPECT_TRUE(store_.sessions()->empty());
  with_session();
  ASSERT_TRUE(change_role(store_, "a", "operator"));
  EXPECT_TRUE(store_.sessions()->empty());
  with_session();
  ASSERT_TRUE(change_enabled(store_, "a", false));
  EXPECT_TRUE(store_.sessions()->empty());
  ASSERT_TRUE(change_enabled(store_, "a", true));
  with_session();
  ASSERT_TRUE(delete_user(store_, "a"));
  EXPECT_TRUE(store_.sessions()->empty());
}

TEST_F(UserChangesTest, AnUnknownUserIsNamed) {
  const auto answer = change_role(store_, "nobody", "viewer");
  EXPECT_EQ(answer.error().code, base::Error::kNotFound);
  EXPECT_NE(answer.error().text.find("'nobody'"), std::string::npos);
  EXPECT_EQ(delete_user(store_, "nobody").error().code, base::Error::kNotFound);
}

TEST_F(UserChangesTest, ATakenNameIsNamed) {
  ASSERT_TRUE(add_user(store_, "a", "viewer", "hash", 0));
  const auto again = add_user(store_, "a", "viewer", "hash", 0);
  EXPECT_EQ(again.error().code, base::Error::kConflict);
  EXPECT_NE(again.error().text.find("'a'"), std::string::npos);
}

TEST(UserRules, PasswordsThatAreSetHaveEightCharactersToAThousandBytes) {
  const auto check = [](const std::string& text) { return check_new_password(base::Secret(text)); };
  EXPECT_TRUE(check("12345678"));
  EXPECT_NE(check("1234567").error().text.find("at least 8"), std::string::npos);
  EXPECT_NE(check("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc").error().text.find("too short"), std::string::npos)
      << "characters count, not bytes";
  EXPECT_TRUE(check(std::string(1024, 'x')));
  EXPECT_NE(check(std::string(1025, 'x')).error().text.find("1024"), std::string::npos);
  EXPECT_FALSE(check("1234567\n"));
  EXPECT_FALSE(check(std::string("12345678\0", 9)));
  EXPECT_FALSE(check("12345678\xff"));
}

TEST(UserRules, NamesAndRolesAreRefusedWithWhatIsAllowed) {
  EXPECT_TRUE(check_user_name("jane.doe@example-1"));
  EXPECT_NE(check_user_name("Jane").error().text.find("lower-case"), std::string::npos);
  EXPECT_FALSE(check_user_name(std::string(129, 'a')));
  EXPECT_TRUE(check_role("viewer", {"admin", "viewer"}));
  EXPECT_NE(check_role("root", {"admin", "viewer"}).error().text.find("admin, viewer"), std::string::npos);
}

}  // namespace
}  // namespace backplane::auth
