#include "store/database.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>

#include <utility>

#include "base/unique_fd.hpp"
#include "store/limits.hpp"

namespace backplane::store {
namespace {

// SQLite would create the file readable for all; its -wal and -shm files take over the mode of this one.
base::Checked<void> create_private_file(const std::string& path) {
  const base::UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    return base::problem(base::Error::kIo,
                         std::string("cannot be opened for writing: ") + strerror(errno) +
                             "; check the owner and mode of the file and of its directory",
                         path);
  }
  return {};
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      bind_error_(other.bind_error_) {}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_, parameter, value);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();  // a null pointer would bind NULL
  const int code = sqlite3_bind_text64(statement_, parameter, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  const int code = sqlite3_bind_blob64(statement_, parameter, data, bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

base::Checked<bool> Statement::step() {
  if (bind_error_ != SQLITE_OK) return database_->problem_of(bind_error_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_->problem_of(code);
}

base::Checked<void> Statement::run() {
  for (;;) {
    const auto more = step();
    if (!more) return more.error();
    if (!*more) return {};
  }
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Statement::text(int column) const {
  return blob(column);
}

std::string Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

base::Checked<Database> Database::open(const std::string& path) {
  const auto created = create_private_file(path);
  if (!created) return created.error();
  return open_existing(path);
}

base::Checked<Database> Database::in_memory() {
  return open_existing(":memory:");
}

base::Checked<Database> Database::open_existing(const std::string& path) {
  sqlite3* handle = nullptr;
  // NOMUTEX: one thread at a time uses a Database, so SQLite's own locks would only cost.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(path, handle);
  if (code != SQLITE_OK) return database.problem_of(code);
  sqlite3_busy_timeout(handle, limits::kStoreBusyMs);
  return database;
}

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)), handle_(std::exchange(other.handle_, nullptr)) {}

Database::~Database() {
  sqlite3_close(handle_);
}

base::Checked<void> Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return problem_of(code);
  return {};
}

base::Checked<Statement> Database::prepare(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) return problem_of(code);
  return Statement(this, statement);
}

base::Checked<std::int64_t> Database::query_integer(const char* sql) const {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : 0;
}

base::Checked<std::string> Database::query_text(const char* sql) const {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  return *row ? statement->text(0) : std::string();
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_);
}

std::int64_t Database::rows_changed() const {
  return sqlite3_changes64(handle_);
}

base::Problem Database::problem_of(int code) const {
  const std::string detail = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return base::problem(base::Error::kIo, "the disk is full, nothing was changed; free some space", path_);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::problem(base::Error::kIo,
                           "the database is damaged (" + detail +
                               "); restore it from a backup, or move it away to start with an empty one",
                           path_);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return base::problem(base::Error::kIo,
                           "cannot be written (" + detail + "); check the owner and mode of the file and its directory",
                           path_);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return base::problem(base::Error::kUnavailable, "another program holds the database; end it and try again",
                           path_);
    case SQLITE_CONSTRAINT:
      return base::problem(base::Error::kConflict, "contradicts what is stored: " + detail, path_);
    case SQLITE_IOERR: {
      const int system = handle_ != nullptr ? sqlite3_system_errno(handle_) : 0;
      return base::problem(base::Error::kIo,
                           detail + (system != 0 ? std::string(": ") + strerror(system) : std::string()) +
                               "; check the disk and its free space",
                           path_);
    }
    default:
      return base::problem(base::Error::kInternal, detail, path_);
  }
}

}  // namespace backplane::store
