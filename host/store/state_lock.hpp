// Who may use the state directory: one process at a time, the one that holds the lock on <state_dir>/lock.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace backplane::store {

// What the lock file says about the process that holds it.
struct StateHolder {
  int pid = 0;              // 0 where the file does not say
  std::string socket_path;  // the daemon's Unix socket; empty where it has none
};

// The lock is flock(2)'s: it ends with the process, however that ends, so a stale file locks nobody out.
class StateLock {
 public:
  // Makes the directory (mode 0700) where it is absent, locks it and writes this process and `socket_path` into the
  // lock file. Fails with kConflict where another process holds it (the text names its pid), with kIo where the
  // directory cannot be made or written. Any thread; does not wait.
  static base::Checked<StateLock> acquire(const std::string& state_dir, const std::string& socket_path = {});

  // Who holds the directory now; nothing where nobody does or the directory does not exist. kIo where it cannot be
  // read. This is how backplanectl finds the daemon.
  static base::Checked<std::optional<StateHolder>> holder(const std::string& state_dir);

 private:
  explicit StateLock(base::UniqueFd file) : file_(std::move(file)) {}

  base::UniqueFd file_;
};

}  // namespace backplane::store
