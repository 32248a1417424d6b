// What must survive a power cut: users, sessions and the instance's own secrets, in one SQLite file. Every change is on
// the disk when its function returns. One thread at a time; while the daemon runs that is the store thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/records.hpp"

namespace backplane::store {

class Database;
class EndedSessions;

struct StoreOptions {
  std::int64_t pages_max = 0;  // the file's size limit in pages of 4 KiB; 0: what the disk holds
};

class Store {
 public:
  // Opens <state_dir>/backplane.db, checks it and brings it to this program's version; makes it where it is absent.
  // The caller holds the directory's StateLock. A damaged database is reported, never deleted.
  static base::Checked<Store> open(const std::string& state_dir, const StoreOptions& options = {});
  // An empty one that nothing is kept of.
  static base::Checked<Store> in_memory();
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // --- Users ---
  base::Checked<std::vector<UserRow>> users() const;
  base::Checked<std::optional<UserRow>> user(std::string_view name) const;
  // Gives the row its uid. kConflict where the name is taken.
  base::Checked<UserRow> insert_user(UserRow row);
  // Writes every field of the row with that uid; of the spent codes, whether there are any.
  base::Checked<void> update_user(const UserRow& row);
  // Puts another hash of the same password in the place of `old_hash`. False if the user has another one by now.
  base::Checked<bool> renew_hash(std::int32_t uid, std::string_view old_hash, std::string_view hash);
  // The user's sessions go with it.
  base::Checked<void> delete_user(std::int32_t uid);

  // --- Sessions ---
  // Without those that have ended.
  base::Checked<std::vector<SessionRow>> sessions() const;
  // kConflict where the user is gone or has changed since row.generation was read: no session outlives the password,
  // role or lock it was made under. Also where row.totp_step is spent already, by itself or by a later one that was
  // good at the same time; else it is now.
  base::Checked<void> insert_session(const SessionRow& row);
  // Rewrites what use changes: the moments, boot_id and origin. An unknown id is no error.
  base::Checked<void> touch_session(const SessionRow& row);
  // All or none. Those of keep_ended() that are still here go with them.
  base::Checked<void> delete_sessions(const std::vector<std::uint64_t>& ids);
  // For sessions that could not be deleted: they have ended for every later process all the same. On the disk when it
  // returns, also if that is full.
  base::Checked<void> keep_ended(const std::vector<std::uint64_t>& ids);
  base::Checked<void> delete_sessions_of(std::int32_t uid);

  // --- Keys of signed tokens ---
  // Newest first. kIo where one is damaged: a short key would be a weak key.
  base::Checked<std::vector<TokenKeyRow>> token_keys() const;
  // Gives the row its id.
  base::Checked<TokenKeyRow> insert_token_key(TokenKeyRow row);
  base::Checked<void> delete_token_key(std::int64_t id);

  // --- Audit ---
  // Adds rows, all at once or none, and forgets the oldest beyond `rows_max` refused logins and as many others.
  base::Checked<void> insert_audit(const std::vector<AuditRow>& rows, std::int64_t rows_max);
  // Newest first, at most `count`, of those with an id below `before` (0: all).
  base::Checked<std::vector<AuditRow>> audit(std::int64_t before, std::int64_t count) const;

  // Who has logged in from where, latest first, as far as the audit goes back.
  base::Checked<std::vector<KnownLoginRow>> known_logins(std::int64_t count) const;

  // 32 random bytes of this instance under that name, made at the first call (S-02).
  base::Checked<base::Secret> instance_secret(std::string_view name);

  // Runs `body` as one transaction: its changes are all kept, or none where it returns a failure. Does not nest.
  base::Checked<void> in_transaction(const std::function<base::Checked<void>()>& body);

  const std::string& path() const;

 private:
  explicit Store(std::unique_ptr<Database> database);
  base::Checked<void> insert_session_row(const SessionRow& row);
  base::Checked<void> read_totp_spent(std::vector<UserRow>& users) const;
  base::Checked<void> spend_totp_step(std::int32_t uid, std::int64_t step);

  std::unique_ptr<Database> database_;
  std::unique_ptr<EndedSessions> ended_;  // null if there is no room even for its file
};

}  // namespace backplane::store
