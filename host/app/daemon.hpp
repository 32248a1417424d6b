// What the program can do: serve, or check its configuration.
#pragma once

#include "app/start_up.hpp"

namespace backplane::app {

// Runs until SIGTERM or SIGINT. Returns the exit status: 0 after a clean stop, 1 if the daemon could not start (all
// that is wrong has been logged) or a plugin would not stop.
int run_daemon(const AppOptions& options);

// Checks the configuration, the plugins' manifests, their configuration and their routes, and prints every mistake.
// Returns the exit status: 0 if all is well, else 1. Touches nothing and runs no plugin code.
int check_configuration(const AppOptions& options);

}  // namespace backplane::app
