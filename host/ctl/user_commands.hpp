// The commands of `backplanectl user`.
#pragma once

#include <string>

#include "base/result.hpp"

namespace backplane::ctl {

struct UserOptions {
  std::string state_dir = "/var/lib/backplane";
  std::string config_file = "/etc/backplane/backplane.yaml";
  bool config_given = false;  // else it is the default, which may be absent
  bool password_stdin = false;
};

// Each finds out whether a daemon holds the state directory and asks it, or else changes the store itself. Passwords
// are asked for as password_input.hpp says. Results are printed to stdout.
base::Checked<void> list_users(const UserOptions& options);
base::Checked<void> add_user(const UserOptions& options, const std::string& name, const std::string& role);
base::Checked<void> set_user_password(const UserOptions& options, const std::string& name);
// Prints the secret and the otpauth URL, this once.
base::Checked<void> enable_user_totp(const UserOptions& options, const std::string& name);
base::Checked<void> disable_user_totp(const UserOptions& options, const std::string& name);
base::Checked<void> delete_user(const UserOptions& options, const std::string& name);

}  // namespace backplane::ctl
