// A thin owner of SQLite's handles: its errors become Problems that name the file and the remedy. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace backplane::store {

class Database;

// One prepared statement. Parameters and columns count as SQLite counts them: from 1 and from 0.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);

  // True: a row is ready. False: finished.
  base::Checked<bool> step();
  // For statements without rows.
  base::Checked<void> run();

  std::int64_t integer(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;

 private:
  friend class Database;
  Statement(const Database* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  const Database* database_;
  sqlite3_stmt* statement_;
  int bind_error_ = 0;
};

class Database {
 public:
  // Opens or creates the file with mode 0600. Fails with kIo where it cannot be opened, written or is no database.
  static base::Checked<Database> open(const std::string& path);
  // One that ends with the object.
  static base::Checked<Database> in_memory();
  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  base::Checked<void> execute(const std::string& sql);
  base::Checked<Statement> prepare(const char* sql) const;
  // The first column of the first row.
  base::Checked<std::int64_t> query_integer(const char* sql) const;
  base::Checked<std::string> query_text(const char* sql) const;
  std::int64_t last_insert_id() const;
  std::int64_t rows_changed() const;

  // What SQLite's result code means to the person who can mend it.
  base::Problem problem_of(int code) const;
  const std::string& path() const { return path_; }

 private:
  static base::Checked<Database> open_existing(const std::string& path);
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  sqlite3* handle_;
};

}  // namespace backplane::store
