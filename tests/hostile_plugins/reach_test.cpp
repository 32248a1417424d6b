// What a hostile plugin reaches for beyond itself: memory, processes, programs, files, the network, the daemon.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "hostile_plugins/hostile_test.hpp"
#include "runner/sanitizers.hpp"

namespace backplane::contract {
namespace {

class Reach : public HostileTest {
 protected:
  void it_was_stopped_at(const std::string& call) {
    it_crashed_because("it made the system call " + call + ", which its sandbox does not allow");
  }
};

TEST_F(Reach, MemoryEndsAtItsOwnLimit) {
  run("allocates", std::uint64_t{32} << 20);
  if (runner::kSanitized) GTEST_SKIP() << "a sanitizer's shadow of all memory is private memory too";
  const auto asked = ask();
  EXPECT_THAT(asked->status(), testing::AnyOf(500, 502));  // an exception that was caught, or the end of the process
  the_good_one_answers();
}

TEST_F(Reach, AForkEndsIt) {
  run("forks");
  EXPECT_EQ(ask()->status(), 502);
  it_was_stopped_at("clone");
}

TEST_F(Reach, AnotherProgramEndsIt) {
  run("executes");
  EXPECT_EQ(ask()->status(), 502);
  it_was_stopped_at("execve");
}

TEST_F(Reach, AConnectionThatIsNotGrantedEndsIt) {
  run("connects-out");
  EXPECT_EQ(ask()->status(), 502);
  it_was_stopped_at("socket");
}

TEST_F(Reach, ASignalToTheDaemonEndsItAndNotTheDaemon) {
  run("kills-its-parent");
  EXPECT_EQ(ask()->status(), 502);
  it_was_stopped_at("kill");
}

TEST_F(Reach, TracingTheDaemonEndsIt) {
  run("traces-its-parent");
  EXPECT_EQ(ask()->status(), 502);
  it_was_stopped_at("ptrace");
}

struct ForbiddenCall {
  const char* name;
  long number;
  std::vector<long> arguments = {};
};
void PrintTo(const ForbiddenCall& call, std::ostream* out) {
  *out << call.name;
}

class Calls : public Reach, public testing::WithParamInterface<ForbiddenCall> {};
INSTANTIATE_TEST_SUITE_P(Forbidden, Calls,
                         testing::Values(ForbiddenCall{"process_vm_readv", SYS_process_vm_readv, {::getpid()}},
                                         ForbiddenCall{"process_vm_writev", SYS_process_vm_writev, {::getpid()}},
                                         ForbiddenCall{"pidfd_open", SYS_pidfd_open, {::getpid()}},
                                         ForbiddenCall{"rt_sigqueueinfo", SYS_rt_sigqueueinfo, {::getpid(), SIGKILL}},
                                         ForbiddenCall{"tgkill", SYS_tgkill, {::getpid(), ::getpid(), SIGKILL}},
                                         ForbiddenCall{"tkill", SYS_tkill, {::getpid(), SIGKILL}},
                                         ForbiddenCall{"unshare", SYS_unshare}, ForbiddenCall{"mount", SYS_mount},
                                         ForbiddenCall{"chroot", SYS_chroot}, ForbiddenCall{"bpf", SYS_bpf},
                                         ForbiddenCall{"perf_event_open", SYS_perf_event_open},
                                         ForbiddenCall{"keyctl", SYS_keyctl},
                                         ForbiddenCall{"userfaultfd", SYS_userfaultfd},
                                         ForbiddenCall{"kcmp", SYS_kcmp, {::getpid(), ::getpid()}},
                                         ForbiddenCall{"open_by_handle_at", SYS_open_by_handle_at},
                                         ForbiddenCall{"name_to_handle_at", SYS_name_to_handle_at},
                                         ForbiddenCall{"socket", SYS_socket, {AF_NETLINK, SOCK_RAW, 0}},
                                         ForbiddenCall{"socket", SYS_socket, {AF_VSOCK, SOCK_STREAM, 0}},
                                         ForbiddenCall{"socketpair", SYS_socketpair, {AF_UNIX, SOCK_DGRAM, 0}}));

TEST_P(Calls, EndIt) {
  run("makes-a-call");
  std::string query = std::to_string(GetParam().number);
  for (const long argument : GetParam().arguments) query += "," + std::to_string(argument);
  const auto asked = ask(query);
  EXPECT_EQ(asked->status(), 502) << asked->body();
  it_was_stopped_at(GetParam().name);
}

TEST_F(Reach, FilesThatAreNotItsOwnStayClosed) {
  run("reads-secrets");
  const auto& layers = bad().layers();
  const auto files =
      std::find_if(layers.begin(), layers.end(), [](const auto& layer) { return layer.name == "files"; });
  ASSERT_NE(files, layers.end());
  if (!files->active) GTEST_SKIP() << files->text;
  const std::string database = host->data_dir / "backplane.db";
  std::ofstream(database) << "secrets";
  const std::string neighbour = host->data_dir / "plugins" / "good" / "note";
  std::ofstream(neighbour) << "secrets";
  const std::string own = host->data_dir / "plugins" / "reads-secrets" / "note";
  std::ofstream(own) << "its own";
  const std::string link = host->data_dir / "plugins" / "reads-secrets" / "link";
  std::filesystem::create_symlink(database, link);
  for (const std::string& path : {std::string("/etc/shadow"), database, neighbour, link, std::string("/etc/passwd"),
                                  std::string("/proc/parent/environ"), std::string("/proc/parent/mem"),
                                  std::string("/proc/self/root/etc/shadow"), std::string("/dev/mem")}) {
    const std::string said = ask(path)->body();
    EXPECT_THAT(said, Not(HasSubstr(": open"))) << path;
    EXPECT_THAT(said, testing::AnyOf(HasSubstr(": Permission denied"), HasSubstr(": No such file"))) << path;
  }
  EXPECT_EQ(ask(own)->body(), own + ": open\n");
  it_lives();
}

}  // namespace
}  // namespace backplane::contract
