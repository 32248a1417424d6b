#include "runner/process_limits.hpp"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "runner/limits.hpp"
#include "runner/refusal.hpp"
#include "runner/sanitizers.hpp"

namespace backplane::runner {
namespace {

using namespace limits;

struct Limit {
  decltype(RLIMIT_CORE) resource;
  const char* name;
  rlim_t value;
};

base::Checked<void> set_limit(const Limit& limit) {
  rlimit present{};
  int failed = ::getrlimit(limit.resource, &present);
  const rlim_t value = std::min(limit.value, present.rlim_max);  // never over what the daemon itself was given
  const rlimit wanted{value, value};
  if (failed == 0) failed = ::setrlimit(limit.resource, &wanted);
  if (failed != 0) return refusal(std::string("the sandbox cannot limit its ") + limit.name, errno);
  return {};
}

// What is writable counts, so that reserved memory must be small: no heap for each thread, and stacks of a size that
// plugins use.
base::Checked<void> limit_memory(std::uint64_t bytes_max) {
  ::mallopt(M_ARENA_MAX, 1);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  int error = ::pthread_attr_setstacksize(&attributes, kPluginStackBytes);
  if (error == 0 && !kSanitized) error = ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
  if (error != 0) return refusal("the sandbox cannot limit its threads' stacks", error);
  if (bytes_max == 0 || kSanitized) return {};
  return set_limit({RLIMIT_DATA, "memory", static_cast<rlim_t>(bytes_max)});
}

// Where the board runs out of memory all the same, the kernel ends a plugin before anything else. Its memory limit does
// not count what is shared, and one who means harm finds ways to share.
void be_ended_first() {
  constexpr std::string_view kMost = "1000";
  const base::UniqueFd file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (file) static_cast<void>(!::write(file.get(), kMost.data(), kMost.size()));  // without /proc it is one of many
}

std::string description(std::uint64_t memory_bytes_max) {
  constexpr std::uint64_t kMiB = 1024 * 1024;
  const std::string memory = memory_bytes_max == 0
                                 ? "private memory without a limit"
                                 : "private memory up to " + std::to_string(memory_bytes_max / kMiB) + " MiB";
  return memory + ", " + std::to_string(kPluginDescriptorsMax) + " descriptors, files up to " +
         std::to_string(kPluginFileBytesMax / kMiB) + " MiB, no core dump";
}

}  // namespace

base::Checked<link::SandboxLayer> limit_process(std::uint64_t memory_bytes_max) {
  const Limit limits[] = {{RLIMIT_CORE, "core dumps", 0},
                          {RLIMIT_NOFILE, "descriptors", kPluginDescriptorsMax},
                          {RLIMIT_FSIZE, "files", kPluginFileBytesMax}};
  for (const Limit& limit : limits) {
    if (const auto set = set_limit(limit); !set) return set.error();
  }
  if (const auto set = limit_memory(memory_bytes_max); !set) return set.error();
  be_ended_first();
  ::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large is an error of the write, not the end
  return link::SandboxLayer{"limits", true, description(memory_bytes_max)};
}

void close_inherited_descriptors(int link_fd) {
  for (int fd = STDERR_FILENO + 1; fd < link_fd; ++fd) ::close(fd);
  ::closefrom(std::max(link_fd, STDERR_FILENO) + 1);
}

base::Checked<void> tie_to_daemon(pid_t daemon) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return refusal("the sandbox cannot end with the daemon", errno);
  if (::prctl(PR_SET_DUMPABLE, 0) != 0) return refusal("the sandbox cannot forbid looks into its memory", errno);
  // It may have died before the kernel was told.
  if (::getppid() != daemon) return base::problem(base::Error::kGone, "the daemon that started it has ended");
  return {};
}

}  // namespace backplane::runner
