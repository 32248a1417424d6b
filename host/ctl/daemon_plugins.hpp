// The plugins as the running daemon keeps them: its plugins API, over its Unix socket. They run nowhere else, so that
// all of this needs a daemon.
#pragma once

#include <string>

#include "base/result.hpp"

namespace backplane::ctl {

// Prints a table, or the daemon's own JSON.
base::Checked<void> list_plugins(const std::string& state_dir, bool json);

// `order` is restart, disable or enable. Waits until it is carried out, and prints how the plugin is then.
base::Checked<void> order_plugin(const std::string& state_dir, const std::string& instance, const char* order);

}  // namespace backplane::ctl
