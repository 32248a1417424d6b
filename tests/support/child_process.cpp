#include "support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

extern char** environ;

namespace backplane::support {
namespace {
constexpr int kWaitMs = 30'000;
}

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const std::string& input) {
  int output[2];
  int stdin_pipe[2];
  if (pipe2(output, O_CLOEXEC) != 0 || pipe2(stdin_pipe, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, stdin_pipe[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  posix_spawn_file_actions_adddup2(&actions, output[1], 2);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  // The tests ignore SIGPIPE; what they start must not inherit that.
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = posix_spawn(&pid_, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(output[1]);
  close(stdin_pipe[0]);
  const bool written = write(stdin_pipe[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
  close(stdin_pipe[1]);
  if (error != 0 || !written) throw std::runtime_error("cannot start " + argv[0]);
  reader_ = std::thread([this, fd = output[0]] { run_reader(fd); });
}

ChildProcess::~ChildProcess() {
  if (running()) {
    ::kill(pid_, SIGKILL);
    wait();
  }
  read_output(true);
  reader_.join();
}

void ChildProcess::signal(int number) const {
  ::kill(pid_, number);
}

int ChildProcess::wait() {
  if (status_) return *status_;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd ended{handle, POLLIN, 0};
  if (poll(&ended, 1, kWaitMs) == 0) ::kill(pid_, SIGKILL);
  if (handle >= 0) close(handle);
  int status = 0;
  waitpid(pid_, &status, 0);
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *status_;
}

bool ChildProcess::running() {
  if (status_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

std::string ChildProcess::output() {
  const std::lock_guard lock(mutex_);
  return output_;
}

bool ChildProcess::wait_for_output(const std::function<bool(const std::string&)>& satisfied) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(kWaitMs), [&] { return satisfied(output_) || output_ended_; });
  return satisfied(output_);
}

bool ChildProcess::wait_for_text(const std::string& text) {
  return wait_for_output([&](const std::string& output) { return output.find(text) != std::string::npos; });
}

void ChildProcess::read_output(bool reads) {
  const std::lock_guard lock(mutex_);
  reads_ = reads;
  changed_.notify_all();
}

void ChildProcess::run_reader(int fd) {
  char buffer[4096];
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return reads_; });
    }
    const ssize_t count = read(fd, buffer, sizeof buffer);
    const std::lock_guard lock(mutex_);
    if (count <= 0) {
      output_ended_ = true;
      changed_.notify_all();
      close(fd);
      return;
    }
    output_.append(buffer, static_cast<std::size_t>(count));
    changed_.notify_all();
  }
}

}  // namespace backplane::support
