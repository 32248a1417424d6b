#include "store/database.hpp"
#include "store/limits.hpp"
#include "store/store.hpp"

namespace backplane::store {

base::Checked<std::vector<TokenKeyRow>> Store::token_keys() const {
  auto statement = database_->prepare("SELECT id, key, created_ms FROM token_keys ORDER BY id DESC");
  if (!statement) return statement.error();
  std::vector<TokenKeyRow> keys;
  for (;;) {
    const auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return keys;
    keys.push_back({statement->integer(0), base::Secret(statement->blob(1)), statement->integer(2)});
    if (keys.back().key.reveal().size() != limits::kTokenKeyBytes) {
      return base::problem(base::Error::kIo, "a stored token key is damaged; restore the database from a backup",
                           path());
    }
  }
}

base::Checked<TokenKeyRow> Store::insert_token_key(TokenKeyRow row) {
  auto statement = database_->prepare("INSERT INTO token_keys(key, created_ms) VALUES(?1, ?2)");
  if (!statement) return statement.error();
  const auto done = statement->bind_blob(1, row.key.reveal()).bind(2, row.created_ms).run();
  if (!done) return done.error();
  row.id = database_->last_insert_id();
  return row;
}

base::Checked<void> Store::delete_token_key(std::int64_t id) {
  auto statement = database_->prepare("DELETE FROM token_keys WHERE id = ?1");
  if (!statement) return statement.error();
  return statement->bind(1, id).run();
}

}  // namespace backplane::store
