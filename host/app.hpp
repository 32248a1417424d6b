// The daemon as a whole. App (in the .cpp) owns every part, starts them top to bottom and stops them bottom to top.
#pragma once

#include <filesystem>

namespace backplane {

struct AppOptions {
  std::filesystem::path config_file;
  std::filesystem::path state_dir;
};

// Runs until SIGTERM or SIGINT. Returns the exit status: 0 after a clean stop, 1 where the daemon could not start (all
// that is wrong has been logged) or a plugin would not stop.
int run_daemon(const AppOptions& options);

// Checks the configuration, the plugins' manifests and their configuration, and prints every mistake. Returns the exit
// status: 0 where all is well, else 1. Starts nothing and runs no plugin code.
int check_configuration(const AppOptions& options);

}  // namespace backplane
