// The users in the store itself, for when no daemon holds the state directory.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/crypto/password_hash.hpp"
#include "base/result.hpp"
#include "ctl/users.hpp"

namespace backplane::ctl {

struct StoredUsersOptions {
  std::string state_dir;
  std::vector<std::string> roles;  // that a user may be given
  auth::PasswordProfile profile = auth::kDefaultProfile;
  bool may_create = false;  // the state directory and the store
};

// Takes the state directory's lock for as long as the object lives. kConflict if another process has it, kNotFound
// where there is no store and none may be made.
base::Checked<std::unique_ptr<Users>> open_stored_users(const StoredUsersOptions& options);

}  // namespace backplane::ctl
