// A program that a test starts, whose output it reads, and that never outlives the test.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace backplane::support {

class ChildProcess {
 public:
  // Starts argv[0] with stdout and stderr joined, and `input` as its whole standard input.
  explicit ChildProcess(const std::vector<std::string>& argv, const std::string& input = {});
  // Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // Its exit status, or 128 + the signal that ended it; waits for the end, at most 30 s (then it is killed).
  int wait();
  bool running();

  // Everything it has written so far.
  std::string output();
  // Waits until its output satisfies the predicate; false where it ended, or 30 s passed, without.
  bool wait_for_output(const std::function<bool(const std::string&)>& satisfied);
  bool wait_for_text(const std::string& text);

  // Its output is left in its pipe, but for what is being read; or read on.
  void read_output(bool reads);

 private:
  void run_reader(int fd);

  pid_t pid_ = -1;
  std::optional<int> status_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  bool output_ended_ = false;
  bool reads_ = true;
  std::thread reader_;
};

}  // namespace backplane::support
