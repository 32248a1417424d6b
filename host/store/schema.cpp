#include "store/schema.hpp"

#include <iterator>
#include <string>

namespace backplane::store {
namespace {

// Append only: a step that has been released is never edited.
constexpr const char* kSteps[] = {
    // 1: users, sessions, the instance's own secrets
    R"sql(
      CREATE TABLE users(
        uid INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL,
        hash TEXT NOT NULL,
        enabled INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        password_changed_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE sessions(
        id INTEGER PRIMARY KEY,
        token_hash BLOB NOT NULL UNIQUE,
        uid INTEGER NOT NULL REFERENCES users(uid) ON DELETE CASCADE,
        generation INTEGER NOT NULL,
        door TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        deadline_boot_ms INTEGER NOT NULL,
        idle_ms INTEGER NOT NULL,
        dies_with_boot INTEGER NOT NULL,
        boot_id TEXT NOT NULL,
        saved_boot_ms INTEGER NOT NULL,
        saved_wall_ms INTEGER NOT NULL,
        last_hit_boot_ms INTEGER NOT NULL,
        origin TEXT NOT NULL,
        user_agent TEXT NOT NULL) STRICT;
      CREATE INDEX sessions_by_user ON sessions(uid);
      CREATE TABLE meta(
        key TEXT PRIMARY KEY,
        value BLOB NOT NULL) STRICT;
    )sql",
    // 2: second factors, the keys of signed tokens, the audit log
    R"sql(
      ALTER TABLE users ADD COLUMN totp_key BLOB NOT NULL DEFAULT x'';
      ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE token_keys(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key BLOB NOT NULL,
        created_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE audit(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        wall_ms INTEGER NOT NULL,
        event TEXT NOT NULL,
        user TEXT NOT NULL,
        address TEXT NOT NULL,
        door TEXT NOT NULL,
        detail TEXT NOT NULL) STRICT;
    )sql",
    // 3: every spent code by itself
    R"sql(
      CREATE TABLE totp_spent(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid INTEGER NOT NULL REFERENCES users(uid) ON DELETE CASCADE,
        step INTEGER NOT NULL,
        UNIQUE(uid, step)) STRICT;
      INSERT INTO totp_spent(uid, step) SELECT uid, totp_step FROM users WHERE totp_step > 0;
      ALTER TABLE users DROP COLUMN totp_step;
    )sql",
};

constexpr std::int64_t kVersion = std::size(kSteps);

}  // namespace

base::Checked<void> migrate(Database& database) {
  const auto version = database.query_integer("PRAGMA user_version");
  if (!version) return version.error();
  if (*version < 0 || *version > kVersion) {
    return base::problem(base::Error::kUnsupported,
                         "the database has version " + std::to_string(*version) + ", this program knows " +
                             std::to_string(kVersion) +
                             "; it was written by a newer program: start that one, or use another state directory",
                         database.path());
  }
  for (std::int64_t step = *version; step < kVersion; ++step) {
    const std::string sql = std::string("BEGIN IMMEDIATE;") + kSteps[step] +
                            "PRAGMA user_version = " + std::to_string(step + 1) + "; COMMIT;";
    const auto done = database.execute(sql);
    if (!done) {
      (void)database.execute("ROLLBACK");
      return done.error();
    }
  }
  return {};
}

}  // namespace backplane::store
