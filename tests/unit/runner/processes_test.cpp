// The layer "system calls", as far as other processes are concerned.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

using testing::AnyOf;

class Processes : public Probe {
 protected:
  const std::string daemon = std::to_string(::getpid());
  static std::string number(std::uint64_t value) { return std::to_string(value); }
};

TEST_F(Processes, NoneIsStarted) {
  BACKPLANE_NEEDS_FORK();
  EXPECT_THAT(refused({"fork"}), AnyOf("clone", "fork"));
  EXPECT_EQ(run({"spawn"}).status, kRefusedByFilter);  // without a note: the C library has blocked all signals
  EXPECT_EQ(refused({"exec"}), "execve");
}

TEST_F(Processes, AThreadIsRefusedTheSame) {
  BACKPLANE_NEEDS_FORK();
  EXPECT_THAT(refused({"fork-on-thread"}), AnyOf("clone", "fork"));
}

TEST_F(Processes, TheDaemonIsNotTracedLookedIntoOrSignalled) {
  static const char secret = 's';
  EXPECT_EQ(refused({"trace", daemon}), "ptrace");
  EXPECT_EQ(refused({"look-into", daemon, number(reinterpret_cast<unsigned long>(&secret))}), "process_vm_readv");
  EXPECT_EQ(refused({"kill", daemon}), "kill");
  EXPECT_EQ(refused({"tgkill", daemon}), "tgkill");
  EXPECT_EQ(refused({"limit-of", daemon}), "prlimit64");
}

TEST_F(Processes, TheKernelSendsTheDaemonNoSignalsInItsName) {
  EXPECT_EQ(said({"fcntl", number(F_SETOWN), daemon}), "EPERM");
  EXPECT_EQ(said({"fcntl", number(F_SETSIG), number(SIGKILL)}), "EPERM");
  EXPECT_EQ(said({"fcntl", number(F_GETFL), "0"}), "ok");
  EXPECT_EQ(said({"ioctl", number(FIOSETOWN)}), "EPERM");
  EXPECT_EQ(said({"ioctl", number(FIONREAD)}), "ok");
}

// The kernel reads 32 bits of these arguments. A filter that compares 64 is passed by a bit in the upper half.
TEST_F(Processes, TheUpperHalfOfAnArgumentOpensNothing) {
  if constexpr (sizeof(unsigned long) == 8) {
    constexpr std::uint64_t kUpper = std::uint64_t{1} << 32;
    EXPECT_EQ(said({"ioctl", number(TIOCSTI)}), "EPERM");
    EXPECT_EQ(said({"ioctl", number(TIOCSTI | kUpper)}), "EPERM");
    EXPECT_EQ(said({"fcntl", number(F_SETOWN | kUpper), daemon}), "EPERM");
    EXPECT_EQ(said({"prctl", number(PR_SET_DUMPABLE | kUpper)}), "EPERM");
  } else {
    GTEST_SKIP() << "a 32-bit machine has no upper half";
  }
}

TEST_F(Processes, OnlyHarmlessOptionsOfItsOwnAreSet) {
  EXPECT_EQ(said({"prctl", number(PR_SET_NAME)}), "ok");
  EXPECT_EQ(said({"prctl", number(PR_SET_DUMPABLE)}), "EPERM");
  EXPECT_EQ(said({"prctl", number(PR_SET_PDEATHSIG)}), "EPERM");
  EXPECT_EQ(said({"prctl", number(0xFFFFFFFF)}), "EPERM");
}

TEST_F(Processes, TheSystemIsNotAdministered) {
  EXPECT_EQ(refused({"unshare"}), "unshare");
  for (const long call : {SYS_mount, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_init_module,
                          SYS_kexec_load, SYS_setns, SYS_pidfd_open, SYS_reboot, SYS_shmget}) {
    EXPECT_EQ(refused({"call", std::to_string(call)}), system_call_name(static_cast<int>(call)));
  }
}

TEST_F(Processes, CallsWithAnOlderWayAreAbsentAndNotTheEnd) {
  EXPECT_EQ(said({"call", std::to_string(SYS_clone3)}), "ENOSYS");
  EXPECT_EQ(said({"call", std::to_string(SYS_io_uring_setup)}), "ENOSYS");
  EXPECT_EQ(said({"call", std::to_string(SYS_openat2)}), "ENOSYS");
  EXPECT_EQ(said({"call", "462"}), "ENOSYS");  // mseal, younger than the names that the filter knows
}

TEST_F(Processes, AnAbortIsStillAnAbort) {
  EXPECT_EQ(run({"abort"}).status, 128 + SIGABRT);
}

TEST_F(Processes, ItDiesWithTheDaemon) {
  EXPECT_EQ(said({"death-signal"}), std::to_string(SIGKILL));
}

TEST(SystemCallName, IsTheKernelsOrTheNumber) {
  EXPECT_EQ(system_call_name(SYS_execve), "execve");
  EXPECT_EQ(system_call_name(100'000), "system call 100000");
  EXPECT_EQ(system_call_name(-10001), "system call -10001");  // what a child writes into the note is its own choice
}

}  // namespace
}  // namespace backplane::runner
