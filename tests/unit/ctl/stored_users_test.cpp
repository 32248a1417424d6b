// backplanectl where no daemon runs: users in the store itself, configuration files, and wrong arguments.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "store/state_lock.hpp"
#include "store/store.hpp"
#include "unit/ctl/ctl_fixture.hpp"

namespace backplane::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

class StoredUsersTest : public CtlFixture {};

TEST_F(StoredUsersTest, WrongArgumentsAreUsageErrors) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"user"},
                                             {"user", "frobnicate"},
                                             {"user", "add", "anna"},
                                             {"user", "add", "--role", "admin"},
                                             {"user", "delete"},
                                             {"user", "list", "more"},
                                             {"config", "check"},
                                             {"--unknown", "user", "list"}}) {
    EXPECT_EQ(run(arguments).status, 2) << testing::PrintToString(arguments);
  }
  EXPECT_EQ(run_plain({"--help"}).status, 0);
  EXPECT_EQ(run_plain({"user", "add", "--help"}).status, 0);
  EXPECT_FALSE(std::filesystem::exists(state_dir_));
}

TEST_F(StoredUsersTest, APasswordIsNeverAnArgument) {
  EXPECT_EQ(run({"user", "add", "anna", "long enough", "--role", "admin"}).status, 2);
  EXPECT_EQ(run({"user", "add", "anna", "--role", "admin", "--password", "long enough"}).status, 2);
  EXPECT_EQ(run({"user", "add", "anna", "--role", "admin", "--password-stdin=long enough"}).status, 2);
}

TEST_F(StoredUsersTest, AnAddedUserHasThePasswordAndTheRole) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  EXPECT_TRUE(opens("anna", "long enough"));
  EXPECT_EQ(stored("anna")->role, "admin");
  ASSERT_EQ(add("bert", "viewer", "without a line end").status, 0);
  EXPECT_TRUE(opens("bert", "without a line end"));
}

TEST_F(StoredUsersTest, S01_TheFirstUserIsAnAdminAndGuestStaysClosed) {
  const Outcome refused = add("anna", "viewer");
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.output, HasSubstr("the first one needs the role admin"));
  ASSERT_EQ(add("anna", "admin").status, 0);
  EXPECT_EQ(add("bert", "viewer").status, 0);
  ASSERT_TRUE(stored("guest"));
  EXPECT_FALSE(stored("guest")->enabled);
  EXPECT_EQ(stored("guest")->hash, "");
}

TEST_F(StoredUsersTest, ListsAllUsersAsATable) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  const Outcome list = run({"user", "list"});
  EXPECT_EQ(list.status, 0);
  EXPECT_THAT(list.output,
              testing::StartsWith("NAME   ROLE    STATE        CREATED (UTC)\nanna   admin   enabled      "));
  EXPECT_THAT(list.output, HasSubstr("\nguest  viewer  no password  "));
  EXPECT_THAT(list.output, Not(HasSubstr("argon2")));
}

TEST_F(StoredUsersTest, ANewPasswordReplacesTheOldOneAndOpensGuest) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  EXPECT_EQ(run({"user", "set-password", "anna", "--password-stdin"}, "another one\n").status, 0);
  EXPECT_TRUE(opens("anna", "another one"));
  EXPECT_FALSE(opens("anna", "long enough"));
  EXPECT_EQ(run({"user", "set-password", "guest", "--password-stdin"}, "for guests\n").status, 0);
  EXPECT_TRUE(opens("guest", "for guests"));
}

TEST_F(StoredUsersTest, DeletesUsersButNotTheLastAdmin) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  ASSERT_EQ(add("bert", "viewer").status, 0);
  EXPECT_EQ(run({"user", "delete", "bert"}).status, 0);
  EXPECT_FALSE(stored("bert"));
  const Outcome refused = run({"user", "delete", "anna"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.output, HasSubstr("last admin"));
  EXPECT_TRUE(stored("anna"));
}

TEST_F(StoredUsersTest, ChangesAreInTheAuditLog) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  ASSERT_EQ(add("bert", "viewer").status, 0);
  ASSERT_EQ(run({"user", "totp-enable", "bert"}).status, 0);
  ASSERT_EQ(run({"user", "delete", "bert"}).status, 0);
  const auto store = store::Store::open(state_dir_);
  ASSERT_TRUE(store);
  const auto rows = store->audit(0, 10);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 4U);
  EXPECT_EQ(rows->at(0).detail, "deletion of bert");
  EXPECT_EQ(rows->at(1).detail, "second factor on of bert");
  EXPECT_EQ(rows->at(3).event, "user.added");
  EXPECT_EQ(rows->at(3).detail, "anna as admin");
}

TEST_F(StoredUsersTest, MistakesAreNamedAndChangeNothing) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  EXPECT_THAT(add("anna", "viewer").output, HasSubstr("there is a user 'anna' already"));
  EXPECT_THAT(add("bert", "root").output, HasSubstr("the roles are admin, guest, operator, viewer"));
  EXPECT_THAT(add("bert", "viewer", "short\n").output, HasSubstr("at least 8 characters"));
  EXPECT_THAT(add("bert", "viewer", std::string(1025, 'x')).output, HasSubstr("at most 1024 bytes"));
  EXPECT_THAT(add("bert", "viewer", "two lines\nof text\n").output, HasSubstr("without control characters"));
  EXPECT_THAT(add("bert", "viewer", "").output, HasSubstr("too short"));
  EXPECT_THAT(run({"user", "delete", "bert"}).output, HasSubstr("there is no user 'bert'"));
  const Outcome nobody = run({"user", "set-password", "bert", "--password-stdin"}, "long enough\n");
  EXPECT_EQ(nobody.status, 1);
  EXPECT_THAT(nobody.output, HasSubstr("there is no user 'bert'"));
  EXPECT_FALSE(stored("bert"));
}

TEST_F(StoredUsersTest, NamesThatAreNoneAreRefusedBeforeThePasswordIsAskedFor) {
  const Outcome outcome = run({"user", "set-password", "../../x"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr("the user name is not valid"));
}

TEST_F(StoredUsersTest, OnlyAddingAUserMakesAStateDirectory) {
  const Outcome outcome = run({"user", "list"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr(state_dir_ + ": there are no users here; is --state-dir right?"));
  EXPECT_FALSE(std::filesystem::exists(state_dir_));
}

TEST_F(StoredUsersTest, ADamagedStoreIsReportedAndKept) {
  std::filesystem::create_directory(state_dir_);
  write("state/backplane.db", "this is no database, whatever its name says");
  const Outcome outcome = run({"user", "list"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.output, HasSubstr(state_dir_ + "/backplane.db"));
  EXPECT_EQ(std::filesystem::file_size(state_dir_ + "/backplane.db"), 43U);
}

TEST_F(StoredUsersTest, RolesComeFromTheConfigurationThatIsNamed) {
  ASSERT_EQ(add("anna", "admin").status, 0);
  write("roles.yaml", "roles:\n  admin: { scopes: [\"*\"] }\n  nightwatch: { scopes: [health.read] }\n");
  const std::string config = write("backplane.yaml", "listen: [{ unix: b.sock }]\nroles: roles.yaml\n");
  const auto add_with = [&](const std::string& file, const std::string& role) {
    return run({"--config", file, "user", "add", "bert", "--role", role, "--password-stdin"}, "long enough\n");
  };
  EXPECT_THAT(add_with(config, "viewer").output, HasSubstr("the roles are admin, nightwatch"));
  const Outcome added = add_with(config, "nightwatch");
  EXPECT_EQ(added.status, 0) << added.output;
  const Outcome missing = add_with(directory_.path() + "/none.yaml", "admin");
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.output, HasSubstr("none.yaml"));
}

TEST_F(StoredUsersTest, RootLeavesNoFilesThatTheDaemonsUserCannotWrite) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a directory away";
  constexpr uid_t kOther = 65534;
  chmod(directory_.path().c_str(), 0755);
  std::filesystem::create_directory(state_dir_);
  ASSERT_EQ(chown(state_dir_.c_str(), kOther, kOther), 0);
  const Outcome outcome = add("anna", "admin");
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  for (const auto& file : std::filesystem::directory_iterator(state_dir_)) {
    struct stat status {};
    ASSERT_EQ(stat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, kOther) << file.path();
  }
}

TEST_F(StoredUsersTest, ChecksConfigurationFiles) {
  const Outcome good = run_plain({"config", "check", write("good.yaml", "listen: [{ unix: b.sock }]\n")});
  EXPECT_EQ(good.status, 0) << good.output;
  const std::string file = write("bad.yaml", "listen: [{ unix: b.sock }]\nlog:\n  level: chatty\nplugin: {}\n");
  const Outcome bad = run_plain({"config", "check", file});
  EXPECT_EQ(bad.status, 1);
  EXPECT_THAT(bad.output, HasSubstr(file + ":3:"));
  EXPECT_THAT(bad.output, HasSubstr(file + ":4:1: "));
}

}  // namespace
}  // namespace backplane::ctl
