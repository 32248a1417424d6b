// A child process that the daemon has started: its life by a process descriptor, its end in words. I/O thread only.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace backplane::link {

struct ChildEnd {
  bool by_signal = false;
  int number = 0;  // of the signal, or the exit status
  // "it was ended by signal 11 (Segmentation fault)", "it left with status 3"
  std::string text() const;
};

class Child {
 public:
  // Starts argv[0] with these descriptors as 3, 4 and so on, standard input and output of /dev/null, `error` as
  // standard error, an empty environment and nothing else of this process.
  static base::Checked<Child> start(const std::vector<std::string>& argv, const std::vector<int>& descriptors,
                                    int error);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  // Kills it if it has not been reaped, and waits for its end.
  ~Child();

  pid_t pid() const { return pid_; }
  // Becomes readable when the process ends.
  int descriptor() const { return descriptor_.get(); }
  // False: the system does not let us, and errno says why.
  bool kill() const;
  // How it ended; empty if it still runs.
  std::optional<ChildEnd> reap();

 private:
  Child(pid_t pid, base::UniqueFd descriptor) : pid_(pid), descriptor_(std::move(descriptor)) {}

  pid_t pid_;
  base::UniqueFd descriptor_;
  bool reaped_ = false;
};

}  // namespace backplane::link
