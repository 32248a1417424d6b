// backplaned: reads the arguments and runs the daemon.
#include <malloc.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "app/daemon.hpp"

namespace {

constexpr int kUsageError = 2;

// Every connection is a descriptor; the soft limit is often 1,024 for no reason that concerns a server.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// One heap for all threads: none of them allocates much, and each further heap is memory that a small board misses.
void keep_memory_small() {
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App arguments("Backplane: a secure network API for a device, made of plugins.", "backplaned");
  backplane::app::AppOptions options{"/etc/backplane/backplane.yaml", "/var/lib/backplane"};
  bool check_only = false;
  arguments.add_option("--config", options.config_file, "Configuration file")->capture_default_str();
  arguments.add_option("--state-dir", options.state_dir, "Directory for users, sessions, keys and plugin data")
      ->capture_default_str();
  arguments.add_flag("--check", check_only, "Check the configuration and the plugins' manifests, start nothing");
  arguments.set_version_flag("--version", BACKPLANE_VERSION);
  try {
    arguments.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return arguments.exit(error) == 0 ? 0 : kUsageError;
  }

  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);  // until there is something to reload
  raise_descriptor_limit();
  keep_memory_small();
  try {
    if (check_only) return backplane::app::check_configuration(options);
    return backplane::app::run_daemon(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "backplaned: %s\n", error.what());
    return 1;
  }
}
