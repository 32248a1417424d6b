#include "runner/system_calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/prctl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "runner/call_filter.hpp"
#include "runner/call_lists.hpp"
#include "runner/refusal.hpp"
#include "runner/refused_call.hpp"

namespace backplane::runner {
namespace {

constexpr std::uint32_t kSocketTypes = 0xF;  // the rest of the argument are SOCK_CLOEXEC and SOCK_NONBLOCK

// Input put into a terminal as if somebody had typed it, and signals that the kernel sends for a descriptor: they go
// to any process of the same user, and with F_SETSIG they can be SIGKILL.
constexpr std::uint32_t kRefusedIoctls[] = {TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP};
// Signals as above, and leases, which hold up others that open the file.
constexpr std::uint32_t kRefusedFcntls[] = {F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE};
constexpr std::uint32_t kPrctls[] = {PR_SET_NAME,         PR_GET_NAME,       PR_SET_VMA,
                                     PR_GET_PDEATHSIG,    PR_GET_DUMPABLE,   PR_CAPBSET_READ,
                                     PR_GET_NO_NEW_PRIVS, PR_SET_TIMERSLACK, PR_GET_TIMERSLACK};

// Numbers are the same on all architectures here, and younger than libseccomp 2.5's names.
constexpr int kYoungCallsFirst = 451;
constexpr int kYoungCallsLast = 511;

// A thread of this process and nothing else: no process, no namespace.
void add_threads(CallFilter& filter) {
  constexpr std::uint32_t kNamespaces =
      CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  constexpr std::uint32_t kThread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
  filter.allow_where("clone", {{0, kThread, kThread | kNamespaces | CLONE_PTRACE | CLONE_VFORK}});
}

// What it may do to a process by number, it may do to itself.
void add_own_process(CallFilter& filter) {
  const auto self = static_cast<std::uint32_t>(::getpid());
  filter.allow_where("tgkill", {{0, self}});  // abort() and pthread_kill()
  filter.allow_null("prlimit64", {0, 0}, 2, EPERM);
  filter.allow_null("prlimit64", {0, self}, 2, EPERM);
  filter.allow_only("prctl", 0, kPrctls, EPERM);
}

// Opening with the access mode 3 gives a descriptor for ioctl, and with O_TRUNC alone an empty file: neither asks for
// a right that Landlock had from its first version on.
void add_open(CallFilter& filter, const char* name, unsigned position) {
  constexpr std::uint32_t kMask = O_ACCMODE | O_TRUNC;
  for (const int flags : {O_RDONLY, O_WRONLY, O_RDWR, O_WRONLY | O_TRUNC, O_RDWR | O_TRUNC}) {
    filter.allow_where(name, {{position, static_cast<std::uint32_t>(flags), kMask}});
  }
  for (const int flags : {O_ACCMODE, O_TRUNC, O_ACCMODE | O_TRUNC}) {
    filter.refuse_where(name, {{position, static_cast<std::uint32_t>(flags), kMask}}, EPERM);
  }
}

void add_files(CallFilter& filter, const Allowances& allowances) {
  constexpr const char* kTruncate[] = {"truncate", "truncate64"};
  add_open(filter, "open", 1);
  add_open(filter, "openat", 2);
  if (allowances.truncate) filter.allow(kTruncate);
  filter.refuse(kTruncate, EPERM);
  filter.refuse_only("ioctl", 1, kRefusedIoctls, EPERM);
  filter.refuse_only("fcntl", 1, kRefusedFcntls, EPERM);
  filter.refuse_only("fcntl64", 1, kRefusedFcntls, EPERM);
}

// A datagram socket sends to any path, so that a pair of them would be a way out.
void add_local_sockets(CallFilter& filter, bool connect) {
  filter.allow_where("socketpair", {{0, AF_UNIX}, {1, SOCK_STREAM, kSocketTypes}});
  filter.allow_where("socketpair", {{0, AF_UNIX}, {1, SOCK_SEQPACKET, kSocketTypes}});
  // The C library asks a name service first when it looks up a user or a host, and goes on when there is none.
  if (!connect) return filter.refuse_where("socket", {{0, AF_UNIX}}, EACCES);
  filter.allow_where("socket", {{0, AF_UNIX}, {1, SOCK_STREAM, kSocketTypes}});
  filter.refuse_where("socket", {{0, AF_UNIX}, {1, SOCK_DGRAM, kSocketTypes}}, EACCES);
  filter.refuse_where("socket", {{0, AF_UNIX}, {1, SOCK_SEQPACKET, kSocketTypes}}, EACCES);
}

void add_network(CallFilter& filter, const std::vector<std::string>& capabilities) {
  filter.allow_where("socket", {{0, AF_INET}});
  filter.allow_where("socket", {{0, AF_INET6}});
  filter.allow_where("socket", {{0, AF_NETLINK}, {2, NETLINK_ROUTE}});  // which addresses there are
  if (std::find(capabilities.begin(), capabilities.end(), "CAP_NET_RAW") != capabilities.end()) {
    filter.allow_where("socket", {{0, AF_PACKET}});
  }
}

void add_sockets(CallFilter& filter, const Allowances& allowances) {
  filter.allow(stream_calls());
  add_local_sockets(filter, allowances.unix_sockets);
  if (allowances.network) add_network(filter, allowances.capabilities);
  if (allowances.network || allowances.unix_sockets) filter.allow(client_calls());
  if (allowances.network) filter.allow(server_calls());
}

void add_granted(CallFilter& filter, const std::vector<std::string>& capabilities) {
  for (const CapabilityCalls& calls : capability_calls()) {
    if (std::find(capabilities.begin(), capabilities.end(), calls.capability) != capabilities.end()) {
      filter.allow(calls.calls);
    }
  }
}

bool is_socket(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

Allowances allowances(const link::SandboxSettings& settings, bool truncate_guarded) {
  const bool unix_sockets = std::any_of(settings.paths.begin(), settings.paths.end(),
                                        [](const link::PathGrant& grant) { return is_socket(grant.path); });
  return {settings.network, unix_sockets, truncate_guarded, settings.capabilities};
}

base::Checked<link::SandboxLayer> filter_system_calls(const Allowances& allowances, link::SystemCallNote* note) {
  CallFilter filter;
  add_granted(filter, allowances.capabilities);  // before the general refusal of the same calls
  filter.allow(ordinary_calls());
  filter.refuse(refused_calls(), EPERM);
  filter.refuse(absent_calls(), ENOSYS);
  for (int number = kYoungCallsFirst; number <= kYoungCallsLast; ++number) filter.refuse_number(number, ENOSYS);
  add_threads(filter);
  add_own_process(filter);
  add_files(filter, allowances);
  add_sockets(filter, allowances);
  note_refused_calls(note);
  if (const int error = filter.load(); error != 0) {
    return refusal(
        "the sandbox cannot filter system calls", error,
        "the kernel needs CONFIG_SECCOMP_FILTER, and no unit or container around the daemon may forbid seccomp(2)");
  }
  std::string text = "no new processes or programs, no look into others, ";
  text += allowances.network ? "network allowed" : "no network";
  if (allowances.unix_sockets) text += ", local sockets can be connected to";
  return link::SandboxLayer{"system calls", true, std::move(text)};
}

}  // namespace backplane::runner
