#include "store/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "store/limits.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::store {
namespace {

UserRow user_row(const std::string& name) {
  UserRow row;
  row.name = name;
  row.role = "admin";
  row.hash = "$argon2id$stand-in";
  row.enabled = true;
  row.created_ms = 1'700'000'000'000;
  row.password_changed_ms = 1'700'000'000'001;
  return row;
}

SessionRow session_row(const UserRow& user, std::uint64_t id) {
  SessionRow row;
  row.id = id;
  row.token_hash = std::string(24, '\0') + std::to_string(10'000'000 + id);  // with NUL bytes, as a hash may have
  row.uid = user.uid;
  row.generation = user.generation;
  row.door = "kvmd";
  row.created_ms = 1;
  row.deadline_boot_ms = 2;
  row.idle_ms = 3;
  row.dies_with_boot = true;
  row.boot_id = "boot";
  row.saved_boot_ms = 4;
  row.saved_wall_ms = 5;
  row.last_hit_boot_ms = -6;
  row.origin = "192.0.2.1";
  row.user_agent = "curl";
  return row;
}

TEST(Store, EveryFieldOfAUserAndASessionComesBackAfterReopening) {
  support::TemporaryDirectory dir;
  UserRow user;
  {
    auto store = Store::open(dir.path());
    ASSERT_TRUE(store) << store.error().message();
    user = *store->insert_user(user_row("admin"));
    EXPECT_EQ(user.uid, 1);
    ASSERT_TRUE(store->insert_session(session_row(user, (1ULL << 53) - 1)));
  }
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store) << store.error().message();
  const auto users = store->users();
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 1U);
  const UserRow& read = users->front();
  EXPECT_EQ(read.uid, 1);
  EXPECT_EQ(read.name, "admin");
  EXPECT_EQ(read.role, "admin");
  EXPECT_EQ(read.hash, "$argon2id$stand-in");
  EXPECT_TRUE(read.enabled);
  EXPECT_EQ(read.generation, 1);
  EXPECT_EQ(read.created_ms, 1'700'000'000'000);
  EXPECT_EQ(read.password_changed_ms, 1'700'000'000'001);
  const auto sessions = store->sessions();
  ASSERT_TRUE(sessions);
  ASSERT_EQ(sessions->size(), 1U);
  const SessionRow& session = sessions->front();
  const SessionRow wanted = session_row(user, (1ULL << 53) - 1);
  EXPECT_EQ(session.id, wanted.id);
  EXPECT_EQ(session.token_hash, wanted.token_hash);
  EXPECT_EQ(session.uid, wanted.uid);
  EXPECT_EQ(session.generation, wanted.generation);
  EXPECT_EQ(session.door, wanted.door);
  EXPECT_EQ(session.created_ms, 1);
  EXPECT_EQ(session.deadline_boot_ms, 2);
  EXPECT_EQ(session.idle_ms, 3);
  EXPECT_TRUE(session.dies_with_boot);
  EXPECT_EQ(session.boot_id, "boot");
  EXPECT_EQ(session.saved_boot_ms, 4);
  EXPECT_EQ(session.saved_wall_ms, 5);
  EXPECT_EQ(session.last_hit_boot_ms, -6);
  EXPECT_EQ(session.origin, "192.0.2.1");
  EXPECT_EQ(session.user_agent, "curl");
}

TEST(Store, TheDatabaseIsReadableByItsOwnerOnly) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->insert_user(user_row("admin")));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat status {};
    ASSERT_EQ(::stat((store->path() + suffix).c_str(), &status), 0) << suffix;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << suffix;
  }
}

TEST(Store, AUserNumberIsNeverGivenTwice) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  ASSERT_EQ(store->insert_user(user_row("admin"))->uid, 1);
  ASSERT_EQ(store->insert_user(user_row("second"))->uid, 2);
  ASSERT_TRUE(store->delete_user(2));
  EXPECT_EQ(store->insert_user(user_row("third"))->uid, 3);
}

TEST(Store, RefusesANameThatIsTaken) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->insert_user(user_row("admin")));
  const auto again = store->insert_user(user_row("admin"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::Error::kConflict);
}

TEST(Store, DeletingAUserDeletesItsSessions) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  const UserRow user = *store->insert_user(user_row("admin"));
  const UserRow other = *store->insert_user(user_row("other"));
  ASSERT_TRUE(store->insert_session(session_row(user, 1)));
  ASSERT_TRUE(store->insert_session(session_row(other, 2)));
  ASSERT_TRUE(store->delete_user(user.uid));
  ASSERT_EQ(store->sessions()->size(), 1U);
  EXPECT_EQ(store->sessions()->front().id, 2U);
}

TEST(Store, S13_ASessionCannotBeMadeUnderAStateOfTheUserThatHasPassed) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  UserRow user = *store->insert_user(user_row("admin"));
  const SessionRow before_the_change = session_row(user, 1);
  ++user.generation;
  ASSERT_TRUE(store->update_user(user));
  const auto stale = store->insert_session(before_the_change);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, base::Error::kConflict);
  user.enabled = false;
  ASSERT_TRUE(store->update_user(user));
  EXPECT_FALSE(store->insert_session(session_row(user, 2)));
  ASSERT_TRUE(store->delete_user(user.uid));
  EXPECT_FALSE(store->insert_session(session_row(user, 3)));
  EXPECT_TRUE(store->sessions()->empty());
}

TEST(Store, ATransactionKeepsAllOrNothing) {
  support::TemporaryDirectory dir;
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  const auto failed = store->in_transaction([&]() -> base::Checked<void> {
    EXPECT_TRUE(store->insert_user(user_row("admin")));
    return base::problem(base::Error::kConflict, "no");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().text, "no");
  EXPECT_TRUE(store->users()->empty());
  ASSERT_TRUE(store->in_transaction([&]() -> base::Checked<void> {
    EXPECT_TRUE(store->insert_user(user_row("admin")));
    return {};
  }));
  EXPECT_EQ(store->users()->size(), 1U);
}

TEST(Store, S02_InstancesShareNoSecretAndOneKeepsItsOwn) {
  support::TemporaryDirectory first_dir;
  support::TemporaryDirectory second_dir;
  std::string first;
  {
    auto store = Store::open(first_dir.path());
    ASSERT_TRUE(store);
    first = store->instance_secret("tokens")->reveal();
    EXPECT_EQ(first.size(), 32U);
    EXPECT_NE(store->instance_secret("other")->reveal(), first);
  }
  EXPECT_EQ(Store::open(first_dir.path())->instance_secret("tokens")->reveal(), first);
  EXPECT_NE(Store::open(second_dir.path())->instance_secret("tokens")->reveal(), first);
}

// As the first version of the program wrote it.
constexpr const char* kFirstVersion = R"sql(
  CREATE TABLE users(uid INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
    hash TEXT NOT NULL, enabled INTEGER NOT NULL, generation INTEGER NOT NULL, created_ms INTEGER NOT NULL,
    password_changed_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE sessions(id INTEGER PRIMARY KEY, token_hash BLOB NOT NULL UNIQUE,
    uid INTEGER NOT NULL REFERENCES users(uid) ON DELETE CASCADE, generation INTEGER NOT NULL, door TEXT NOT NULL,
    created_ms INTEGER NOT NULL, deadline_boot_ms INTEGER NOT NULL, idle_ms INTEGER NOT NULL,
    dies_with_boot INTEGER NOT NULL, boot_id TEXT NOT NULL, saved_boot_ms INTEGER NOT NULL,
    saved_wall_ms INTEGER NOT NULL, last_hit_boot_ms INTEGER NOT NULL, origin TEXT NOT NULL,
    user_agent TEXT NOT NULL) STRICT;
  CREATE INDEX sessions_by_user ON sessions(uid);
  CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
  INSERT INTO users VALUES(1, 'admin', 'admin', 'a hash', 1, 4, 5, 6);
  INSERT INTO sessions VALUES(9, x'00', 1, 4, 'kvmd', 1, 0, 0, 0, 'boot', 1, 1, 1, '', '');
  PRAGMA user_version = 1;
)sql";

TEST(Store, ADatabaseOfTheFirstVersionKeepsItsUsersAndSessions) {
  const support::TemporaryDirectory directory;
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((directory.path() + "/backplane.db").c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, kFirstVersion, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
  auto store = Store::open(directory.path());
  ASSERT_TRUE(store) << store.error().message();
  const auto users = store->users();
  ASSERT_TRUE(users);
  ASSERT_EQ(users->size(), 1U);
  EXPECT_EQ(users->front().name, "admin");
  EXPECT_EQ(users->front().totp_key, "");
  EXPECT_EQ(store->sessions()->size(), 1U);
  EXPECT_TRUE(store->token_keys()->empty());
  EXPECT_TRUE(store->audit(0, 10)->empty());
}

constexpr const char* kSecondVersion = R"sql(
  ALTER TABLE users ADD COLUMN totp_key BLOB NOT NULL DEFAULT x'';
  ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE token_keys(id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL, created_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, wall_ms INTEGER NOT NULL, event TEXT NOT NULL,
    user TEXT NOT NULL, address TEXT NOT NULL, door TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
  UPDATE users SET totp_key = x'01', totp_step = 77;
  PRAGMA user_version = 2;
)sql";

TEST(Store, S16_ADatabaseOfTheSecondVersionKeepsItsSpentCodes) {
  const support::TemporaryDirectory directory;
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((directory.path() + "/backplane.db").c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, kFirstVersion, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  ASSERT_EQ(sqlite3_exec(handle, kSecondVersion, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
  auto store = Store::open(directory.path());
  ASSERT_TRUE(store) << store.error().message();
  EXPECT_EQ(store->users()->front().totp_spent, std::vector<std::int64_t>{77});
  EXPECT_EQ((*store->user("admin"))->totp_spent, std::vector<std::int64_t>{77});
}

TEST(Store, S16_ACodeIsSpentOnceAndOnlyTheLatestAreKept) {
  auto store = Store::in_memory();
  ASSERT_TRUE(store);
  const UserRow user = *store->insert_user(user_row("admin"));
  std::uint64_t id = 1;
  const auto spend = [&](std::int64_t step) {
    SessionRow row = session_row(user, id);
    row.token_hash = std::string(24, 'h') + std::to_string(10'000'000 + id++);
    row.totp_step = step;
    return static_cast<bool>(store->insert_session(row));
  };
  EXPECT_TRUE(spend(100));
  EXPECT_FALSE(spend(100));
  EXPECT_FALSE(spend(98)) << "it was good when the other was used";
  EXPECT_TRUE(spend(97));
  EXPECT_TRUE(spend(101));
  for (std::size_t i = 0; i < limits::kTotpSpentMax; ++i) EXPECT_TRUE(spend(1000 + static_cast<std::int64_t>(i)));
  const auto spent = (*store->user("admin"))->totp_spent;
  EXPECT_EQ(spent.size(), limits::kTotpSpentMax);
  EXPECT_EQ(spent.front(), 1000);
}

TEST(Store, RefusesADatabaseOfANewerProgramAndLeavesItAlone) {
  support::TemporaryDirectory dir;
  std::string path;
  {
    auto store = Store::open(dir.path());
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->insert_user(user_row("admin")));
    path = store->path();
  }
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, "PRAGMA user_version = 999", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(handle);
  const auto store = Store::open(dir.path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, base::Error::kUnsupported);
  EXPECT_EQ(store.error().where, path);
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, "SELECT name FROM users", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(handle);
}

}  // namespace
}  // namespace backplane::store
