// The API of the running daemon, over its Unix socket. The daemon knows us by our system user.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/state_lock.hpp"

namespace backplane::ctl {

class DaemonApi {
 public:
  // Of the daemon that holds `state_dir`. kUnavailable, with the remedy, where none does.
  static base::Checked<DaemonApi> find(const std::string& state_dir);
  // The same where it is known who has the lock of `state_dir`. kUnavailable, with the remedy, where it offers no Unix
  // socket.
  static base::Checked<DaemonApi> of(const store::StateHolder& holder, const std::string& state_dir);

  // The body of the daemon's answer, where its status is 2xx; otherwise its reason, as a sentence for the person at the
  // terminal. Waits for it. `path` is sent as it stands: names are checked before they become part of it.
  base::Checked<std::string> ask(const char* method, const std::string& path, const base::Secret& json = {}) const;

 private:
  explicit DaemonApi(std::string socket_path) : socket_path_(std::move(socket_path)) {}

  std::string socket_path_;
};

// For a body that is not what was asked for; `what` is its name, "list of users".
base::Problem unreadable(std::string_view what);

}  // namespace backplane::ctl
