#include "ctl/user_commands.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "auth/user_changes.hpp"
#include "config/load.hpp"
#include "ctl/daemon_users.hpp"
#include "ctl/password_input.hpp"
#include "ctl/stored_users.hpp"
#include "ctl/users.hpp"
#include "store/state_lock.hpp"

namespace backplane::ctl {
namespace {

// What the daemon's configuration says about users. One that was not named may be absent or unreadable: the built-in
// roles and the standard hash then do.
base::Checked<StoredUsersOptions> stored_options(const UserOptions& options, bool may_create) {
  StoredUsersOptions stored;
  stored.state_dir = options.state_dir;
  stored.may_create = may_create;
  stored.roles = config::Roles::built_in().names();
  std::error_code ignored;
  if (!options.config_given && !std::filesystem::exists(options.config_file, ignored)) return stored;
  const config::LoadOutcome outcome = config::load(options.config_file);
  if (outcome.settings) {
    stored.roles = outcome.settings->roles.names();
    const bool small = outcome.settings->auth.passwords == config::PasswordProfile::kSmall;
    stored.profile = small ? auth::kSmallProfile : auth::kDefaultProfile;
  } else if (options.config_given) {
    return outcome.problems.front();
  } else {
    fmt::print(stderr, "backplanectl: {}; going on with the built-in roles\n", outcome.problems.front().message());
  }
  return stored;
}

base::Checked<std::unique_ptr<Users>> open_users(const UserOptions& options, bool may_create) {
  const auto holder = store::StateLock::holder(options.state_dir);
  if (!holder) return holder.error();
  if (holder->has_value()) return open_daemon_users(**holder, options.state_dir);
  const auto stored = stored_options(options, may_create);
  if (!stored) return stored.error();
  auto opened = open_stored_users(*stored);
  if (opened || opened.error().code != base::Error::kConflict) return opened;
  // Somebody took the directory just now; the holder's answer says who, and how to reach it.
  const auto late = store::StateLock::holder(options.state_dir);
  if (!late || !late->has_value()) return opened;
  return open_daemon_users(**late, options.state_dir);
}

base::Checked<base::Secret> get_password(const UserOptions& options, const std::string& name) {
  auto password = options.password_stdin ? read_password_from_stdin() : ask_for_password(name);
  if (!password) return password;
  if (const auto good = auth::check_new_password(*password); !good) return good.error();
  return password;
}

}  // namespace

base::Checked<void> list_users(const UserOptions& options) {
  auto users = open_users(options, false);
  if (!users) return users.error();
  const auto list = (*users)->list();
  if (!list) return list.error();
  fmt::print("{}", user_table(*list));
  return {};
}

base::Checked<void> add_user(const UserOptions& options, const std::string& name, const std::string& role) {
  if (const auto valid = auth::check_user_name(name); !valid) return valid;
  const auto password = get_password(options, name);
  if (!password) return password.error();
  auto users = open_users(options, true);
  if (!users) return users.error();
  if (const auto added = (*users)->add(name, role, *password); !added) return added;
  fmt::print("added user '{}' with the role {}\n", name, role);
  return {};
}

base::Checked<void> set_user_password(const UserOptions& options, const std::string& name) {
  if (const auto valid = auth::check_user_name(name); !valid) return valid;
  const auto password = get_password(options, name);
  if (!password) return password.error();
  auto users = open_users(options, false);
  if (!users) return users.error();
  if (const auto changed = (*users)->set_password(name, *password); !changed) return changed;
  fmt::print("set the password of user '{}'\n", name);
  return {};
}

base::Checked<void> enable_user_totp(const UserOptions& options, const std::string& name) {
  if (const auto valid = auth::check_user_name(name); !valid) return valid;
  auto users = open_users(options, false);
  if (!users) return users.error();
  const auto setup = (*users)->enable_totp(name);
  if (!setup) return setup.error();
  fmt::print(
      "user '{}' has a second factor now; this is shown only once:\n  secret  {}\n  url     {}\n"
      "Type the code behind the password, or where the login asks for it.\n",
      name, setup->secret.reveal(), setup->url.reveal());
  return {};
}

base::Checked<void> disable_user_totp(const UserOptions& options, const std::string& name) {
  if (const auto valid = auth::check_user_name(name); !valid) return valid;
  auto users = open_users(options, false);
  if (!users) return users.error();
  if (const auto changed = (*users)->disable_totp(name); !changed) return changed;
  fmt::print("user '{}' has no second factor any more\n", name);
  return {};
}

base::Checked<void> delete_user(const UserOptions& options, const std::string& name) {
  if (const auto valid = auth::check_user_name(name); !valid) return valid;
  auto users = open_users(options, false);
  if (!users) return users.error();
  if (const auto removed = (*users)->remove(name); !removed) return removed;
  fmt::print("deleted user '{}'\n", name);
  return {};
}

}  // namespace backplane::ctl
