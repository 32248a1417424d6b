// One plugin in a process of its own: takes its settings from the daemon, enters the sandbox, loads the plugin and
// serves it until the daemon says stop.
#pragma once

#include "base/clock.hpp"

namespace backplane::runner {

// Returns the exit status. The descriptors kRunnerSocket and kRunnerPage were handed down by the daemon.
int run(const base::Clock& clock);

}  // namespace backplane::runner
