// What the daemon reads before it serves. It shows the random admin password of a first start to the person at the
// console, and to nobody else (security.md S-01).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "app/listeners.hpp"
#include "auth/authenticator.hpp"
#include "auth/crypto/password_hash.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "feed/log_lines.hpp"
#include "store/state_lock.hpp"
#include "store/store.hpp"

namespace backplane::app {

// Writes it to stdout; if stdout is the journal, to /dev/console instead, because a journal keeps what it is told.
void show_first_password(const base::Secret& password);

// What the daemon reads from disk before it owns anything.
struct AppOptions {
  std::filesystem::path config_file;
  std::filesystem::path state_dir;
};

struct StartUp {
  std::optional<store::StateLock> lock;  // of the state directory; none if nothing is kept
  store::Store store;
  auth::StoredState state;
  UnixPeers peers;
  std::vector<net::ListenerSpec> listeners;
  std::unique_ptr<feed::LogLines> log_lines = nullptr;  // what was logged before; none: the log is no feed
};

// Takes the state directory, makes the first administrator if there is no user, and shows the password. A Problem
// says why the daemon cannot start.
base::Checked<StartUp> read_start_up(const AppOptions& options, const config::Settings& settings);

auth::PasswordProfile password_profile(const config::AuthSettings& settings);

// Logs each.
void report(const std::vector<base::Problem>& problems, base::Level level);

}  // namespace backplane::app
