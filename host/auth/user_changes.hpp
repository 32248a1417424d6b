// The rules for users, and each change as one transaction on the store. The daemon runs these on the store's thread
// (auth/users), backplanectl directly if no daemon holds the state directory. Problems are written for the person
// who asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/crypto/password_hash.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/store.hpp"

namespace backplane::auth {

using User = store::UserRow;

// kvmd's pattern (dialects/kvmd/validators.hpp), at most kUserNameBytesMax. kInvalid with what is wrong and what is
// allowed.
base::Checked<void> check_user_name(std::string_view name);
base::Checked<void> check_role(std::string_view role, const std::vector<std::string>& roles);
// For a password that is to be set: kPasswordCharactersMin characters to kPasswordBytesMax bytes, UTF-8 without control
// characters.
base::Checked<void> check_new_password(const base::Secret& password);

// Whether some password may open the account (S-33: an empty hash is no password, not an empty one).
bool may_log_in(const User& user);

// Each of these answers the row as it now is. kConflict: the name is taken, or the change would leave no admin who can
// log in. kNotFound: no such user. Every change ends the user's stored sessions.
base::Checked<User> add_user(store::Store& store, const std::string& name, const std::string& role,
                             const std::string& hash, std::int64_t now_wall_ms);
// Also enables an account that never had a password: that is how guest is opened.
base::Checked<User> change_password(store::Store& store, const std::string& name, const std::string& hash,
                                    std::int64_t now_wall_ms);
base::Checked<User> change_role(store::Store& store, const std::string& name, const std::string& role);
base::Checked<User> change_enabled(store::Store& store, const std::string& name, bool enabled);
// A second factor from now on; an empty key: none any more.
base::Checked<User> change_totp(store::Store& store, const std::string& name, const base::Secret& key);
// Answers the row as it was.
base::Checked<User> delete_user(store::Store& store, const std::string& name);

// First start: if there is no user at all, makes "admin" with a random password, answered here and kept nowhere
// (S-01), and "guest", disabled and without a password. Nothing if there are users. Takes one argon2: before the I/O
// thread runs.
base::Checked<std::optional<base::Secret>> ensure_first_admin(store::Store& store, PasswordProfile profile,
                                                              const base::Clock& clock);

}  // namespace backplane::auth
