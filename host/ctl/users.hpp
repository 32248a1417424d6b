// The users as backplanectl sees them, wherever they are managed: by the daemon, or in the store itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace backplane::ctl {

struct UserEntry {
  std::string name;
  std::string role;
  bool enabled = false;
  bool password_set = false;
  std::int64_t created_ms = 0;  // since 1970 UTC
};

// What the user's authenticator app needs; shown once.
struct TotpSetup {
  base::Secret secret;
  base::Secret url;
};

// Every call waits for its end. Problems are sentences for the person at the terminal.
class Users {
 public:
  virtual ~Users() = default;
  // By name.
  virtual base::Checked<std::vector<UserEntry>> list() = 0;
  virtual base::Checked<void> add(const std::string& name, const std::string& role, const base::Secret& password) = 0;
  virtual base::Checked<void> set_password(const std::string& name, const base::Secret& password) = 0;
  // Gives the user a second factor, or takes it away.
  virtual base::Checked<TotpSetup> enable_totp(const std::string& name) = 0;
  virtual base::Checked<void> disable_totp(const std::string& name) = 0;
  virtual base::Checked<void> remove(const std::string& name) = 0;
};

// The list as a table for a terminal: a line of headings, then one for each user; columns are aligned, moments are in
// UTC.
std::string user_table(const std::vector<UserEntry>& users);

}  // namespace backplane::ctl
