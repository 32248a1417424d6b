#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "probe_action.hpp"

namespace backplane::runner::probe {
namespace {

pid_t process(const Arguments& arguments) {
  return static_cast<pid_t>(std::stol(arguments[0]));
}

std::string fork_process(const Arguments&) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return outcome(child > 0);
}

std::string spawn(const Arguments&) {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  pid_t child = 0;
  errno = ::posix_spawn(&child, name, nullptr, nullptr, words, environ);
  return outcome(errno == 0);
}

std::string execute(const Arguments&) {
  char name[] = "/bin/true";
  char* const words[] = {name, nullptr};
  ::execve(name, words, environ);
  return outcome(false);
}

std::string trace(const Arguments& arguments) {
  return outcome(::ptrace(PTRACE_ATTACH, process(arguments), nullptr, nullptr) == 0);
}

std::string signal_process(const Arguments& arguments) {
  return outcome(::kill(process(arguments), 0) == 0);
}

// As a thread's number, which may be another process's.
std::string signal_thread(const Arguments& arguments) {
  return outcome(::syscall(SYS_tgkill, process(arguments), process(arguments), 0) == 0);
}

std::string look_into(const Arguments& arguments) {
  char here = 0;
  iovec local{&here, 1};
  iovec remote{reinterpret_cast<void*>(std::stoul(arguments[1])), 1};
  return outcome(::process_vm_readv(process(arguments), &local, 1, &remote, 1, 0) == 1);
}

std::string change_user(const Arguments& arguments) {
  return outcome(::setuid(static_cast<uid_t>(std::stoul(arguments[0]))) == 0);
}

std::string raise_limit(const Arguments&) {
  const rlimit limit{4096, 4096};
  return outcome(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

std::string limit_of_other(const Arguments& arguments) {
  rlimit limit{};
  return outcome(::prlimit(process(arguments), RLIMIT_NOFILE, nullptr, &limit) == 0);
}

std::string new_namespace(const Arguments&) {
  return outcome(::unshare(CLONE_NEWUSER) == 0);
}

// The kernel looks at 32 bits of the option; the upper ones are the probe's to choose.
std::string process_option(const Arguments& arguments) {
  char name[16] = "probe";
  return outcome(::syscall(SYS_prctl, std::stoul(arguments[0]), name, 0, 0, 0) >= 0);
}

std::string death_signal(const Arguments&) {
  int number = 0;
  ::prctl(PR_GET_PDEATHSIG, &number);
  return std::to_string(number);
}

std::string set_clock(const Arguments&) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  now.tv_nsec = 1'000'000'000;  // not a time: where the call is let through, the kernel refuses it as invalid
  return outcome(::syscall(SYS_clock_settime, CLOCK_REALTIME, &now) == 0);
}

std::string call(const Arguments& arguments) {
  return outcome(::syscall(std::stol(arguments[0]), 0, 0, 0, 0, 0, 0) >= 0);
}

std::string abort_process(const Arguments&) {
  ::abort();
}

}  // namespace

Actions process_actions() {
  return {{"fork", fork_process},
          {"spawn", spawn},
          {"exec", execute},
          {"trace", trace},
          {"kill", signal_process},
          {"tgkill", signal_thread},
          {"look-into", look_into},
          {"setuid", change_user},
          {"raise-limit", raise_limit},
          {"limit-of", limit_of_other},
          {"unshare", new_namespace},
          {"prctl", process_option},
          {"death-signal", death_signal},
          {"set-clock", set_clock},
          {"call", call},
          {"abort", abort_process}};
}

}  // namespace backplane::runner::probe
