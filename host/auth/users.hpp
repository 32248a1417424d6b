// The users as the daemon knows them: a copy in memory for every request, changed only after the store has the change.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "auth/password_checker.hpp"
#include "auth/scopes.hpp"
#include "auth/user_changes.hpp"
#include "base/clock.hpp"
#include "store/store_thread.hpp"

namespace backplane::auth {

// All on the I/O thread. `done` is called later, never before the function returns, and after the change is on the
// disk.
class Users {
 public:
  using Done = std::function<void(base::Checked<User>)>;

  Users(const std::vector<User>& rows, store::StoreThread& store, PasswordChecker& checker, const Scopes& scopes,
        const base::Clock& clock, store::Executor executor);

  // Null if there is none; valid until the next turn of the I/O thread.
  const User* find(std::string_view name) const;
  const User* find(std::int32_t uid) const;
  // By uid.
  std::vector<const User*> list() const;

  // Failures as in user_changes.hpp; kInvalid for a bad name, role or password, kThrottled if too many passwords
  // wait to be hashed.
  void add(std::string name, std::string role, base::Secret password, Done done);
  void set_password(std::string name, base::Secret password, Done done);
  void set_role(std::string name, std::string role, Done done);
  void set_enabled(std::string name, bool enabled, Done done);
  // An empty key: no second factor any more.
  void set_totp(std::string name, base::Secret key, Done done);
  void remove(std::string name, Done done);
  // Hashes the password, which is known to be right, anew if its hash has another profile than new ones: in the
  // background, and what the user has open goes on. If that fails, the next login tries again.
  void renew_hash(std::int32_t uid, base::Secret password);
  // Another number after each change.
  std::uint64_t revision() const { return revision_; }
  // The store knows already that this step's code made a session.
  void note_spent(std::int32_t uid, std::int64_t totp_step);

  // Told of every change of an existing user, before its `done`: what the user has open must end (S-13).
  void on_changed(std::function<void(const User& user)> listener);

 private:
  using Change = std::function<base::Checked<User>(store::Store&)>;

  void refuse(base::Problem problem, Done done);
  void with_hash(base::Secret password, Done done, std::function<void(std::string hash, Done done)> next);
  void run(Change change, bool removes, Done done);
  void apply(const User& user, bool removed);
  void store_renewed(std::int32_t uid, std::string old_hash, std::string hash);

  store::StoreThread& store_;
  PasswordChecker& checker_;
  const Scopes& scopes_;
  const base::Clock& clock_;
  const store::Executor executor_;
  std::map<std::int32_t, User> by_uid_;
  std::map<std::string, std::int32_t, std::less<>> uids_;
  std::vector<std::function<void(const User&)>> listeners_;
  std::set<std::int32_t> renewing_;
  std::uint64_t revision_ = 1;
};

}  // namespace backplane::auth
