// The users as the running daemon manages them: its users API, over its Unix socket. The daemon knows us by our system
// user.
#pragma once

#include <memory>

#include "ctl/users.hpp"
#include "store/state_lock.hpp"

namespace backplane::ctl {

// `holder` has the lock of `state_dir`. kUnavailable, with the remedy, where it offers no Unix socket.
base::Checked<std::unique_ptr<Users>> open_daemon_users(const store::StateHolder& holder, const std::string& state_dir);

}  // namespace backplane::ctl
