// The layer "limits": how much one process may hold, and that it dies with the daemon.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.hpp"
#include "link/wire/settings.hpp"

namespace backplane::runner {

// Bounds memory (0: no bound), descriptors and files, and allows no core dump, which would hold the plugin's secrets.
base::Checked<link::SandboxLayer> limit_process(std::uint64_t memory_bytes_max);

// All descriptors but the standard ones and `link_fd` (-1: none): nothing of the daemon's is left open by mistake.
void close_inherited_descriptors(int link_fd);

// From here on the death of `daemon` is this process's own, and others of its user may not look into it. The kernel
// forgets both when the user changes. A Problem where the daemon has gone already.
base::Checked<void> tie_to_daemon(pid_t daemon);

}  // namespace backplane::runner
