#include "ctl/stored_users.hpp"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/crypto/totp.hpp"
#include "auth/limits.hpp"
#include "auth/scopes.hpp"
#include "auth/user_changes.hpp"
#include "base/clock.hpp"
#include "store/state_lock.hpp"
#include "store/store.hpp"

namespace backplane::ctl {
namespace {

constexpr const char* kGuest = "guest";

base::Checked<void> without_user(const base::Checked<auth::User>& changed) {
  if (!changed) return changed.error();
  return {};
}

class StoredUsers final : public Users {
 public:
  StoredUsers(store::StateLock lock, store::Store store, const StoredUsersOptions& options)
      : lock_(std::move(lock)), store_(std::move(store)), roles_(options.roles), profile_(options.profile) {}

  base::Checked<std::vector<UserEntry>> list() override {
    const auto users = store_.users();
    if (!users) return users.error();
    std::vector<UserEntry> entries;
    for (const auth::User& user : *users) {
      entries.push_back({user.name, user.role, user.enabled, !user.hash.empty(), user.created_ms});
    }
    std::sort(entries.begin(), entries.end(), [](const UserEntry& a, const UserEntry& b) { return a.name < b.name; });
    return entries;
  }

  base::Checked<void> add(const std::string& name, const std::string& role, const base::Secret& password) override {
    if (const auto known = auth::check_role(role, roles_); !known) return known;
    const auto users = store_.users();
    if (!users) return users.error();
    const bool first = users->empty();
    if (first && role != auth::kAdminRole) {
      // With this user alone nobody could manage users, and the daemon would make no admin any more.
      return base::problem(base::Error::kConflict,
                           "there are no users yet; the first one needs the role admin (or start the daemon once: it "
                           "makes an admin and shows the password)");
    }
    const auto hash = hashed(password);
    if (!hash) return hash.error();
    const std::int64_t now = base::system_clock().wall_ms();
    const auto added = auth::add_user(store_, name, role, *hash, now);
    if (!added) return added.error();
    note("user.added", name + " as " + role);
    if (!first || name == kGuest) return {};
    return without_user(auth::add_user(store_, kGuest, std::string(auth::kGuestRole), "", now));
  }

  base::Checked<void> set_password(const std::string& name, const base::Secret& password) override {
    const auto found = store_.user(name);
    if (!found) return found.error();
    if (!found->has_value()) return base::problem(base::Error::kNotFound, "there is no user '" + name + "'");
    const auto hash = hashed(password);
    if (!hash) return hash.error();
    return noted(auth::change_password(store_, name, *hash, base::system_clock().wall_ms()), "password");
  }

  base::Checked<TotpSetup> enable_totp(const std::string& name) override {
    const base::Secret key(auth::random_bytes(auth::kTotpKeyBytes));
    const auto changed = noted(auth::change_totp(store_, name, key), "second factor on");
    if (!changed) return changed.error();
    return TotpSetup{auth::totp_key_text(key.reveal()), auth::totp_url(key.reveal(), name, "Backplane")};
  }

  base::Checked<void> disable_totp(const std::string& name) override {
    return noted(auth::change_totp(store_, name, base::Secret(std::string())), "second factor off");
  }

  base::Checked<void> remove(const std::string& name) override {
    return noted(auth::delete_user(store_, name), "deletion");
  }

 private:
  // For the audit log. That a line cannot be written is no reason to undo a change.
  void note(const std::string& event, const std::string& detail) {
    store::AuditRow row;
    row.wall_ms = base::system_clock().wall_ms();
    row.event = event;
    row.user = "backplanectl";
    row.detail = detail;
    (void)store_.insert_audit({row}, auth::limits::kAuditRowsMax);
  }
  base::Checked<void> noted(const base::Checked<auth::User>& changed, const std::string& what) {
    if (changed) note("user.changed", what + " of " + changed->name);
    return without_user(changed);
  }

  base::Checked<std::string> hashed(const base::Secret& password) const {
    std::string hash = auth::hash_password(password, profile_);
    if (hash.empty()) {
      return base::problem(base::Error::kUnavailable, "there is not enough free memory to hash a password");
    }
    return hash;
  }

  const store::StateLock lock_;  // first: the store is closed before the directory is given free
  store::Store store_;
  const std::vector<std::string> roles_;
  const auth::PasswordProfile profile_;
};

// So that root leaves no files behind that the daemon's user cannot write: if this process is root and the directory
// belongs to another user, becomes that user for good. Otherwise, and if there is no such directory, does nothing.
base::Checked<void> become_owner_of(const std::string& directory) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &status) != 0 || status.st_uid == 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setresgid(status.st_gid, status.st_gid, status.st_gid) != 0 ||
      ::setresuid(status.st_uid, status.st_uid, status.st_uid) != 0) {
    return base::problem(base::Error::kIo, std::string("cannot act as the directory's owner: ") + strerror(errno),
                         directory);
  }
  return {};
}

}  // namespace

base::Checked<std::unique_ptr<Users>> open_stored_users(const StoredUsersOptions& options) {
  std::error_code ignored;
  if (!options.may_create && !std::filesystem::exists(options.state_dir + "/backplane.db", ignored)) {
    return base::problem(base::Error::kNotFound, "there are no users here; is --state-dir right?", options.state_dir);
  }
  if (const auto owner = become_owner_of(options.state_dir); !owner) return owner.error();
  auto lock = store::StateLock::acquire(options.state_dir);
  if (!lock) return lock.error();
  auto store = store::Store::open(options.state_dir);
  if (!store) return store.error();
  return std::unique_ptr<Users>(std::make_unique<StoredUsers>(std::move(*lock), std::move(*store), options));
}

}  // namespace backplane::ctl
