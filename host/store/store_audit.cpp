#include "store/database.hpp"
#include "store/store.hpp"

namespace backplane::store {

base::Checked<void> Store::insert_audit(const std::vector<AuditRow>& rows, std::int64_t rows_max) {
  return in_transaction([&]() -> base::Checked<void> {
    for (const AuditRow& row : rows) {
      auto insert = database_->prepare(
          "INSERT INTO audit(wall_ms, event, user, address, door, detail) VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
      if (!insert) return insert.error();
      insert->bind(1, row.wall_ms).bind(2, row.event).bind(3, row.user);
      insert->bind(4, row.address).bind(5, row.door).bind(6, row.detail);
      if (auto done = insert->run(); !done) return done;
    }
    // Apart, so that whoever floods the log with refusals wipes nothing else out of it.
    for (const std::int64_t refused : {0, 1}) {
      auto trim = database_->prepare(
          "DELETE FROM audit WHERE (event = 'login.refused') = ?1 AND id <= "
          "(SELECT id FROM audit WHERE (event = 'login.refused') = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)");
      if (!trim) return trim.error();
      if (auto done = trim->bind(1, refused).bind(2, rows_max).run(); !done) return done;
    }
    return {};
  });
}

base::Checked<std::vector<AuditRow>> Store::audit(std::int64_t before, std::int64_t count) const {
  auto statement = database_->prepare(
      "SELECT id, wall_ms, event, user, address, door, detail FROM audit WHERE ?1 = 0 OR id < ?1 "
      "ORDER BY id DESC LIMIT ?2");
  if (!statement) return statement.error();
  statement->bind(1, before).bind(2, count);
  std::vector<AuditRow> rows;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back({statement->integer(0), statement->integer(1), statement->text(2), statement->text(3),
                    statement->text(4), statement->text(5), statement->text(6)});
  }
}

base::Checked<std::vector<KnownLoginRow>> Store::known_logins(std::int64_t count) const {
  auto statement = database_->prepare(
      "SELECT user, address FROM audit WHERE event = 'login' GROUP BY user, address ORDER BY MAX(id) DESC LIMIT ?1");
  if (!statement) return statement.error();
  statement->bind(1, count);
  std::vector<KnownLoginRow> logins;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return logins;
    logins.push_back({statement->text(0), statement->text(1)});
  }
}

}  // namespace backplane::store
