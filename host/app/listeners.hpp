// Turns the configuration's `listen` entries into what net listens on: files and sockets found in the state directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "net/listener.hpp"

namespace backplane::app {

using UnixPeers = std::map<std::int64_t, std::string>;  // uid -> user

// The listeners in the order of the configuration. Where an entry names no certificate, the self-signed pair of the
// state directory is made, or used again; a named one must be readable. Blocks on disk; start-up only.
base::Checked<std::vector<net::ListenerSpec>> listener_specs(const config::Settings& settings,
                                                             const std::filesystem::path& state_dir);

// The first Unix socket, where backplanectl finds the daemon; empty if there is none.
std::string control_socket(const config::Settings& settings, const std::filesystem::path& state_dir);

// Whom the peers of the Unix sockets are. An entry without `peers` makes root and the daemon's own user
// the user admin: both can read and write the database anyway. A Problem names a system user that does not exist, or
// that the system cannot look up.
base::Checked<UnixPeers> unix_peers(const config::Settings& settings);

// Two such texts differ if something of `listen` differs that only a restart can change.
std::string describe_listeners(const config::Settings& settings);

// Some settings a running daemon cannot take over from a new file. Puts those of `running` into `next`, so that one
// half of the daemon never works by another value than the other. Returns the keys in which the two differed: what
// takes effect at the next start only.
std::vector<std::string> keep_until_restart(const config::Settings& running, config::Settings& next);

}  // namespace backplane::app
