#include "link/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace backplane::link {
namespace {

constexpr int kFirstDescriptor = 3;

// posix_spawn's lists, freed with their scope.
struct SpawnLists {
  SpawnLists() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnLists() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnLists(const SpawnLists&) = delete;
  SpawnLists& operator=(const SpawnLists&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

// Signals as a fresh program expects them: this process ignores some and may block others.
void default_signals(posix_spawnattr_t& attributes) {
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

// Copies high enough that putting one in its place cannot overwrite another.
std::vector<base::UniqueFd> out_of_the_way(const std::vector<int>& descriptors) {
  std::vector<base::UniqueFd> copies;
  const int above = kFirstDescriptor + static_cast<int>(descriptors.size());
  for (const int descriptor : descriptors) copies.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, above));
  return copies;
}

}  // namespace

std::string ChildEnd::text() const {
  if (!by_signal) return fmt::format("it left with status {}", number);
  return fmt::format("it was ended by signal {} ({})", number, ::sigdescr_np(number) ? ::sigdescr_np(number) : "?");
}

base::Checked<Child> Child::start(const std::vector<std::string>& argv, const std::vector<int>& descriptors,
                                  int error) {
  SpawnLists lists;
  default_signals(lists.attributes);
  const auto copies = out_of_the_way(descriptors);
  posix_spawn_file_actions_addopen(&lists.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&lists.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&lists.actions, error, STDERR_FILENO);
  int next = kFirstDescriptor;
  for (const base::UniqueFd& copy : copies) posix_spawn_file_actions_adddup2(&lists.actions, copy.get(), next++);
  posix_spawn_file_actions_addclosefrom_np(&lists.actions, next);

  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, argv[0].c_str(), &lists.actions, &lists.attributes, arguments.data(), environment);
  if (failed != 0) {
    return base::problem(base::Error::kIo, std::string("the process cannot be started: ") + std::strerror(failed),
                         argv[0]);
  }
  Child child(pid, base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
  if (!child.descriptor_) {
    return base::problem(base::Error::kUnsupported,
                         "this kernel has no process descriptors (Linux 5.3 has them); plugins can only run with "
                         "`isolation: thread` here");
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(other.pid_), descriptor_(std::move(other.descriptor_)), reaped_(std::exchange(other.reaped_, true)) {}

Child::~Child() {
  if (reaped_ || ::kill(pid_, SIGKILL) != 0) return;  // if it cannot be killed, waiting may take for ever
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

bool Child::kill() const {
  return reaped_ || ::kill(pid_, SIGKILL) == 0;
}

std::optional<ChildEnd> Child::reap() {
  int status = 0;
  if (reaped_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  reaped_ = true;
  if (WIFSIGNALED(status)) return ChildEnd{true, WTERMSIG(status)};
  return ChildEnd{false, WEXITSTATUS(status)};
}

}  // namespace backplane::link
