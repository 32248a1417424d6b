#include "store/store.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.hpp"
#include "base/log.hpp"
#include "store/database.hpp"
#include "store/ended_sessions.hpp"
#include "store/limits.hpp"
#include "store/schema.hpp"

namespace backplane::store {
namespace {

constexpr std::size_t kSecretBytes = 32;

constexpr const char* kUserColumns =
    "SELECT uid, name, role, hash, enabled, generation, created_ms, password_changed_ms, totp_key FROM users";

UserRow read_user(const Statement& row) {
  UserRow user;
  user.uid = static_cast<std::int32_t>(row.integer(0));
  user.name = row.text(1);
  user.role = row.text(2);
  user.hash = row.text(3);
  user.enabled = row.integer(4) == 1;
  user.generation = row.integer(5);
  user.created_ms = row.integer(6);
  user.password_changed_ms = row.integer(7);
  user.totp_key = row.blob(8);
  return user;
}

SessionRow read_session(const Statement& row) {
  SessionRow session;
  session.id = static_cast<std::uint64_t>(row.integer(0));
  session.token_hash = row.blob(1);
  session.uid = static_cast<std::int32_t>(row.integer(2));
  session.generation = row.integer(3);
  session.door = row.text(4);
  session.created_ms = row.integer(5);
  session.deadline_boot_ms = row.integer(6);
  session.idle_ms = row.integer(7);
  session.dies_with_boot = row.integer(8) != 0;
  session.boot_id = row.text(9);
  session.saved_boot_ms = row.integer(10);
  session.saved_wall_ms = row.integer(11);
  session.last_hit_boot_ms = row.integer(12);
  session.origin = row.text(13);
  session.user_agent = row.text(14);
  return session;
}

// WAL with FULL: a commit is on the disk before it is answered, and costs one flush. The log stays small (64 pages)
// because the disk is often a memory card.
constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA wal_autocheckpoint = 64; PRAGMA journal_size_limit = 262144; PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = 32; PRAGMA cell_size_check = ON;";

base::Checked<void> prepare_connection(Database& database, const StoreOptions& options) {
  const auto set = database.execute(kPragmas);
  if (!set) return set.error();
  const auto mode = database.query_text("PRAGMA journal_mode");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return base::problem(base::Error::kIo,
                         "the file system cannot hold the database's write-ahead log; use a local disk for the state",
                         database.path());
  }
  if (options.pages_max > 0) {
    const auto limited = database.execute("PRAGMA max_page_count = " + std::to_string(options.pages_max));
    if (!limited) return limited.error();
  }
  return {};
}

base::Checked<void> check_integrity(const Database& database) {
  const auto verdict = database.query_text("PRAGMA quick_check(1)");
  if (!verdict) return verdict.error();
  if (*verdict == "ok") return {};
  return base::problem(base::Error::kIo,
                       "the database is damaged (" + *verdict +
                           "); restore it from a backup, or move it away to start with an empty one",
                       database.path());
}

}  // namespace

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

base::Checked<Store> Store::open(const std::string& state_dir, const StoreOptions& options) {
  auto opened = Database::open(state_dir + "/backplane.db");
  if (!opened) return opened.error();
  auto database = std::make_unique<Database>(std::move(*opened));
  auto done = prepare_connection(*database, options);
  if (done) done = check_integrity(*database);
  if (done) done = migrate(*database);
  if (!done) return done.error();
  Store store(std::move(database));
  if (auto ended = EndedSessions::open(state_dir + "/ended")) {
    store.ended_ = std::make_unique<EndedSessions>(std::move(*ended));
    // On a disk that is full still they wait on, and sessions() leaves them out.
    if (!store.ended_->ids().empty()) (void)store.delete_sessions({});
  } else {
    base::log(base::Level::kWarning, "store: logouts on a full disk could be lost: {}", ended.error().message());
  }
  return store;
}

base::Checked<Store> Store::in_memory() {
  auto opened = Database::in_memory();
  if (!opened) return opened.error();
  auto database = std::make_unique<Database>(std::move(*opened));
  if (auto done = migrate(*database); !done) return done.error();
  return Store(std::move(database));
}

const std::string& Store::path() const {
  return database_->path();
}

base::Checked<std::vector<UserRow>> Store::users() const {
  auto statement = database_->prepare((std::string(kUserColumns) + " ORDER BY uid").c_str());
  if (!statement) return statement.error();
  std::vector<UserRow> users;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) break;
    users.push_back(read_user(*statement));
  }
  if (auto done = read_totp_spent(users); !done) return done.error();
  return users;
}

// `users` are in the order of their numbers.
base::Checked<void> Store::read_totp_spent(std::vector<UserRow>& users) const {
  auto statement = database_->prepare("SELECT uid, step FROM totp_spent WHERE ?1 = 0 OR uid = ?1 ORDER BY id");
  if (!statement) return statement.error();
  statement->bind(1, std::int64_t{users.size() == 1 ? users.front().uid : 0});
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return {};
    const auto user = std::lower_bound(users.begin(), users.end(), statement->integer(0),
                                       [](const UserRow& a, std::int64_t uid) { return a.uid < uid; });
    if (user != users.end() && user->uid == statement->integer(0)) user->totp_spent.push_back(statement->integer(1));
  }
}

base::Checked<std::optional<UserRow>> Store::user(std::string_view name) const {
  auto statement = database_->prepare((std::string(kUserColumns) + " WHERE name = ?1").c_str());
  if (!statement) return statement.error();
  statement->bind(1, name);
  const auto row = statement->step();
  if (!row) return row.error();
  if (!*row) return std::optional<UserRow>();
  std::vector<UserRow> user = {read_user(*statement)};
  if (auto done = read_totp_spent(user); !done) return done.error();
  return std::optional(std::move(user.front()));
}

base::Checked<UserRow> Store::insert_user(UserRow row) {
  auto statement = database_->prepare(
      "INSERT INTO users(name, role, hash, enabled, generation, created_ms, password_changed_ms) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (!statement) return statement.error();
  statement->bind(1, row.name).bind(2, row.role).bind(3, row.hash).bind(4, std::int64_t{row.enabled});
  statement->bind(5, row.generation).bind(6, row.created_ms).bind(7, row.password_changed_ms);
  const auto done = statement->run();
  if (!done) return done.error();
  row.uid = static_cast<std::int32_t>(database_->last_insert_id());
  return row;
}

base::Checked<void> Store::update_user(const UserRow& row) {
  auto statement = database_->prepare(
      "UPDATE users SET name = ?1, role = ?2, hash = ?3, enabled = ?4, generation = ?5, password_changed_ms = ?6, "
      "totp_key = ?8 WHERE uid = ?7");
  if (!statement) return statement.error();
  statement->bind(1, row.name).bind(2, row.role).bind(3, row.hash).bind(4, std::int64_t{row.enabled});
  statement->bind(5, row.generation).bind(6, row.password_changed_ms).bind(7, std::int64_t{row.uid});
  statement->bind_blob(8, row.totp_key);
  const auto done = statement->run();
  if (!done || !row.totp_spent.empty()) return done;
  auto forget = database_->prepare("DELETE FROM totp_spent WHERE uid = ?1");
  if (!forget) return forget.error();
  return forget->bind(1, std::int64_t{row.uid}).run();
}

base::Checked<bool> Store::renew_hash(std::int32_t uid, std::string_view old_hash, std::string_view hash) {
  auto statement = database_->prepare("UPDATE users SET hash = ?1 WHERE uid = ?2 AND hash = ?3");
  if (!statement) return statement.error();
  const auto done = statement->bind(1, hash).bind(2, std::int64_t{uid}).bind(3, old_hash).run();
  if (!done) return done.error();
  return database_->rows_changed() == 1;
}

base::Checked<void> Store::delete_user(std::int32_t uid) {
  auto statement = database_->prepare("DELETE FROM users WHERE uid = ?1");
  if (!statement) return statement.error();
  return statement->bind(1, std::int64_t{uid}).run();
}

base::Checked<std::vector<SessionRow>> Store::sessions() const {
  auto statement = database_->prepare(
      "SELECT id, token_hash, uid, generation, door, created_ms, deadline_boot_ms, idle_ms, dies_with_boot, boot_id, "
      "saved_boot_ms, saved_wall_ms, last_hit_boot_ms, origin, user_agent FROM sessions");
  if (!statement) return statement.error();
  std::vector<SessionRow> sessions;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return sessions;
    SessionRow session = read_session(*statement);
    if (ended_ == nullptr || !ended_->contains(session.id)) sessions.push_back(std::move(session));
  }
}

base::Checked<void> Store::insert_session(const SessionRow& row) {
  if (row.totp_step == 0) return insert_session_row(row);
  return in_transaction([&]() -> base::Checked<void> {
    const auto spent = spend_totp_step(row.uid, row.totp_step);
    return spent ? insert_session_row(row) : spent;
  });
}

base::Checked<void> Store::spend_totp_step(std::int32_t uid, std::int64_t step) {
  auto spend = database_->prepare(
      "INSERT INTO totp_spent(uid, step) SELECT uid, ?2 FROM users WHERE uid = ?1 AND NOT EXISTS("
      "SELECT 1 FROM totp_spent WHERE uid = ?1 AND step >= ?2 AND step < ?2 + ?3)");
  if (!spend) return spend.error();
  spend->bind(1, std::int64_t{uid}).bind(2, step).bind(3, limits::kTotpStepsGood);
  if (const auto done = spend->run(); !done) return done;
  if (database_->rows_changed() == 0) return base::problem(base::Error::kConflict, "the code was used already");
  auto trim = database_->prepare(
      "DELETE FROM totp_spent WHERE uid = ?1 AND id <= "
      "(SELECT id FROM totp_spent WHERE uid = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
  if (!trim) return trim.error();
  return trim->bind(1, std::int64_t{uid}).bind(2, static_cast<std::int64_t>(limits::kTotpSpentMax)).run();
}

base::Checked<void> Store::insert_session_row(const SessionRow& row) {
  auto statement = database_->prepare(
      "INSERT INTO sessions(id, token_hash, uid, generation, door, created_ms, deadline_boot_ms, idle_ms, "
      "dies_with_boot, boot_id, saved_boot_ms, saved_wall_ms, last_hit_boot_ms, origin, user_agent) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 "
      "WHERE EXISTS(SELECT 1 FROM users WHERE uid = ?3 AND generation = ?4 AND enabled = 1)");
  if (!statement) return statement.error();
  statement->bind(1, static_cast<std::int64_t>(row.id)).bind_blob(2, row.token_hash).bind(3, std::int64_t{row.uid});
  statement->bind(4, row.generation).bind(5, row.door).bind(6, row.created_ms).bind(7, row.deadline_boot_ms);
  statement->bind(8, row.idle_ms).bind(9, std::int64_t{row.dies_with_boot}).bind(10, row.boot_id);
  statement->bind(11, row.saved_boot_ms).bind(12, row.saved_wall_ms).bind(13, row.last_hit_boot_ms);
  statement->bind(14, row.origin).bind(15, row.user_agent);
  const auto done = statement->run();
  if (!done) return done.error();
  if (database_->rows_changed() == 0) {
    return base::problem(base::Error::kConflict, "the user has changed meanwhile");
  }
  return {};
}

base::Checked<void> Store::touch_session(const SessionRow& row) {
  auto statement = database_->prepare(
      "UPDATE sessions SET deadline_boot_ms = ?1, boot_id = ?2, saved_boot_ms = ?3, saved_wall_ms = ?4, "
      "last_hit_boot_ms = ?5, origin = ?6 WHERE id = ?7");
  if (!statement) return statement.error();
  statement->bind(1, row.deadline_boot_ms).bind(2, row.boot_id).bind(3, row.saved_boot_ms);
  statement->bind(4, row.saved_wall_ms).bind(5, row.last_hit_boot_ms).bind(6, row.origin);
  return statement->bind(7, static_cast<std::int64_t>(row.id)).run();
}

base::Checked<void> Store::delete_sessions(const std::vector<std::uint64_t>& ids) {
  std::vector<std::uint64_t> all = ids;
  if (ended_ != nullptr) all.insert(all.end(), ended_->ids().begin(), ended_->ids().end());
  const auto deleted = in_transaction([&]() -> base::Checked<void> {
    for (const std::uint64_t id : all) {
      auto statement = database_->prepare("DELETE FROM sessions WHERE id = ?1");
      if (!statement) return statement.error();
      if (auto done = statement->bind(1, static_cast<std::int64_t>(id)).run(); !done) return done;
    }
    return {};
  });
  // If this fails they are deleted once more, which changes nothing.
  if (deleted && ended_ != nullptr) (void)ended_->clear();
  return deleted;
}

base::Checked<void> Store::keep_ended(const std::vector<std::uint64_t>& ids) {
  if (ended_ != nullptr) return ended_->add(ids);
  return base::problem(base::Error::kIo, "there is no room for the list of ended sessions", path());
}

base::Checked<void> Store::delete_sessions_of(std::int32_t uid) {
  auto statement = database_->prepare("DELETE FROM sessions WHERE uid = ?1");
  if (!statement) return statement.error();
  return statement->bind(1, std::int64_t{uid}).run();
}

base::Checked<base::Secret> Store::instance_secret(std::string_view name) {
  const std::string key = "secret." + std::string(name);
  {
    auto select = database_->prepare("SELECT value FROM meta WHERE key = ?1");
    if (!select) return select.error();
    select->bind(1, key);
    const auto row = select->step();
    if (!row) return row.error();
    if (*row) {
      base::Secret known(select->blob(0));
      // A short key would be a weak key: damage is an error, not an absence.
      if (known.reveal().size() == kSecretBytes) return known;
      return base::problem(base::Error::kIo, "the stored " + key + " is damaged; restore the database from a backup",
                           path());
    }
  }
  std::string bytes(kSecretBytes, '\0');
  BP_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1);
  base::Secret fresh(std::move(bytes));
  auto insert = database_->prepare("INSERT INTO meta(key, value) VALUES(?1, ?2)");
  if (!insert) return insert.error();
  const auto done = insert->bind(1, key).bind_blob(2, fresh.reveal()).run();
  if (!done) return done.error();
  return fresh;
}

base::Checked<void> Store::in_transaction(const std::function<base::Checked<void>()>& body) {
  auto done = database_->execute("BEGIN IMMEDIATE");
  if (!done) return done;
  done = body();
  if (done) done = database_->execute("COMMIT");
  // A full disk may have rolled back already; a second rollback then fails, which is no news.
  if (!done) (void)database_->execute("ROLLBACK");
  return done;
}

}  // namespace backplane::store
