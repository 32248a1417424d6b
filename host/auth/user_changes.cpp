#include "auth/user_changes.hpp"

#include <algorithm>
#include <functional>

#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "auth/scopes.hpp"
#include "base/utf8.hpp"
#include "dialects/kvmd/validators.hpp"

namespace backplane::auth {
namespace {

base::Problem no_such_user(const std::string& name) {
  return base::problem(base::Error::kNotFound, "there is no user '" + name + "'");
}

bool is_working_admin(const User& user) {
  return user.role == kAdminRole && may_log_in(user);
}

base::Checked<void> check_an_admin_remains(const store::Store& store) {
  const auto users = store.users();
  if (!users) return users.error();
  if (std::any_of(users->begin(), users->end(), is_working_admin)) return {};
  return base::problem(base::Error::kConflict,
                       "this is the last admin who can log in; make another one first, or nobody could manage users");
}

// Reads the user, lets `edit` change it and writes it with a new generation, all in one transaction.
base::Checked<User> change_user(store::Store& store, const std::string& name, const std::function<void(User&)>& edit) {
  User user;
  const auto done = store.in_transaction([&]() -> base::Checked<void> {
    const auto found = store.user(name);
    if (!found) return found.error();
    if (!found->has_value()) return no_such_user(name);
    user = **found;
    const bool was_admin = is_working_admin(user);
    edit(user);
    ++user.generation;
    auto step = store.update_user(user);
    if (step) step = store.delete_sessions_of(user.uid);
    if (step && was_admin) step = check_an_admin_remains(store);
    return step;
  });
  if (!done) return done.error();
  return user;
}

User new_user(const std::string& name, std::string_view role, const std::string& hash, std::int64_t now_wall_ms) {
  User user;
  user.name = name;
  user.role = role;
  user.hash = hash;
  user.enabled = !hash.empty();
  user.created_ms = now_wall_ms;
  user.password_changed_ms = now_wall_ms;
  return user;
}

}  // namespace

base::Checked<void> check_user_name(std::string_view name) {
  if (name.size() <= limits::kUserNameBytesMax && dialects::kvmd::is_user_name(name)) return {};
  return base::problem(base::Error::kInvalid,
                       "the user name is not valid; allowed are 1 to " + std::to_string(limits::kUserNameBytesMax) +
                           " characters: lower-case letters, digits and _ - . @, beginning with a letter or _ and not "
                           "ending with . or @");
}

base::Checked<void> check_role(std::string_view role, const std::vector<std::string>& roles) {
  if (std::find(roles.begin(), roles.end(), role) != roles.end()) return {};
  std::string known;
  for (const std::string& name : roles) known += (known.empty() ? "" : ", ") + name;
  return base::problem(base::Error::kInvalid, "there is no such role; the roles are " + known);
}

base::Checked<void> check_new_password(const base::Secret& password) {
  const std::string& text = password.reveal();
  if (text.size() > limits::kPasswordBytesMax) {
    return base::problem(base::Error::kInvalid, "the password is too long; at most " +
                                                    std::to_string(limits::kPasswordBytesMax) + " bytes are allowed");
  }
  if (!base::is_printable_text(text)) {
    return base::problem(base::Error::kInvalid, "the password may hold any UTF-8 text without control characters");
  }
  if (base::count_characters(text) < limits::kPasswordCharactersMin) {
    return base::problem(base::Error::kInvalid, "the password is too short; at least " +
                                                    std::to_string(limits::kPasswordCharactersMin) +
                                                    " characters are needed");
  }
  return {};
}

bool may_log_in(const User& user) {
  return user.enabled && !user.hash.empty();
}

base::Checked<User> add_user(store::Store& store, const std::string& name, const std::string& role,
                             const std::string& hash, std::int64_t now_wall_ms) {
  User user = new_user(name, role, hash, now_wall_ms);
  const auto done = store.in_transaction([&]() -> base::Checked<void> {
    const auto users = store.users();
    if (!users) return users.error();
    if (users->size() >= limits::kUsersMax) {
      return base::problem(base::Error::kLimit,
                           "there are " + std::to_string(limits::kUsersMax) + " users, more are not possible");
    }
    const bool taken = std::any_of(users->begin(), users->end(), [&](const User& other) { return other.name == name; });
    if (taken) return base::problem(base::Error::kConflict, "there is a user '" + name + "' already");
    auto inserted = store.insert_user(user);
    if (!inserted) return inserted.error();
    user = *inserted;
    return {};
  });
  if (!done) return done.error();
  return user;
}

base::Checked<User> change_password(store::Store& store, const std::string& name, const std::string& hash,
                                    std::int64_t now_wall_ms) {
  return change_user(store, name, [&](User& user) {
    if (user.hash.empty()) user.enabled = true;
    user.hash = hash;
    user.password_changed_ms = now_wall_ms;
  });
}

base::Checked<User> change_role(store::Store& store, const std::string& name, const std::string& role) {
  return change_user(store, name, [&](User& user) { user.role = role; });
}

base::Checked<User> change_enabled(store::Store& store, const std::string& name, bool enabled) {
  return change_user(store, name, [&](User& user) { user.enabled = enabled; });
}

base::Checked<User> change_totp(store::Store& store, const std::string& name, const base::Secret& key) {
  return change_user(store, name, [&](User& user) {
    user.totp_key = key.reveal();
    user.totp_spent.clear();  // no code of the new key is spent
  });
}

base::Checked<User> delete_user(store::Store& store, const std::string& name) {
  User user;
  const auto done = store.in_transaction([&]() -> base::Checked<void> {
    const auto found = store.user(name);
    if (!found) return found.error();
    if (!found->has_value()) return no_such_user(name);
    user = **found;
    auto step = store.delete_user(user.uid);
    if (step && is_working_admin(user)) step = check_an_admin_remains(store);
    return step;
  });
  if (!done) return done.error();
  return user;
}

base::Checked<std::optional<base::Secret>> ensure_first_admin(store::Store& store, PasswordProfile profile,
                                                              const base::Clock& clock) {
  const auto users = store.users();
  if (!users) return users.error();
  if (!users->empty()) return std::optional<base::Secret>();
  base::Secret password = random_password();
  const std::string hash = hash_password(password, profile);
  if (hash.empty()) {
    return base::problem(base::Error::kUnavailable,
                         "there is not enough memory to hash a password; free some, or choose the small profile");
  }
  const std::int64_t now = clock.wall_ms();
  const auto done = store.in_transaction([&]() -> base::Checked<void> {
    const auto admin = store.insert_user(new_user("admin", kAdminRole, hash, now));
    if (!admin) return admin.error();
    const auto guest = store.insert_user(new_user("guest", kGuestRole, "", now));
    if (!guest) return guest.error();
    return {};
  });
  if (!done) return done.error();
  return std::optional<base::Secret>(std::move(password));
}

}  // namespace backplane::auth
