#include "runner/call_lists.hpp"

namespace backplane::runner {
namespace {

// Names of all architectures; each has its own part of them.
constexpr const char* kOrdinary[] = {
    // memory
    "brk", "madvise", "membarrier", "memfd_create", "mincore", "mlock", "mlock2", "mlockall", "mmap", "mmap2",
    "mprotect", "mremap", "msync", "munlock", "munlockall", "munmap",
    // threads and the process itself; clone is looked into
    "arch_prctl", "cacheflush", "exit", "exit_group", "futex", "futex_time64", "futex_waitv", "get_robust_list",
    "getcpu", "gettid", "restart_syscall", "rseq", "sched_get_priority_max", "sched_get_priority_min",
    "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler", "sched_rr_get_interval",
    "sched_rr_get_interval_time64", "sched_yield", "set_robust_list", "set_tid_address", "set_tls", "wait4", "waitid",
    // signals of its own
    "alarm", "getitimer", "pause", "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend",
    "rt_sigtimedwait", "rt_sigtimedwait_time64", "setitimer", "sigaltstack", "signalfd", "signalfd4", "sigreturn",
    // time
    "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64", "clock_nanosleep",
    "clock_nanosleep_time64", "gettimeofday", "nanosleep", "time", "timer_create", "timer_delete", "timer_getoverrun",
    "timer_gettime", "timer_gettime64", "timer_settime", "timer_settime64", "timerfd_create", "timerfd_gettime",
    "timerfd_gettime64", "timerfd_settime", "timerfd_settime64", "times",
    // waiting
    "_newselect", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd",
    "eventfd2", "poll", "ppoll", "ppoll_time64", "pselect6", "pselect6_time64", "select",
    // descriptors; fcntl and ioctl are looked into
    "close", "close_range", "copy_file_range", "dup", "dup2", "dup3", "flock", "lseek", "_llseek", "pipe", "pipe2",
    "pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read", "readv", "sendfile", "sendfile64",
    "splice", "tee", "vmsplice", "write", "writev",
    // files, which Landlock guards; open and openat are looked into
    "access", "arm_fadvise64_64", "arm_sync_file_range", "chdir", "creat", "faccessat", "faccessat2", "fadvise64",
    "fadvise64_64", "fallocate", "fchdir", "fdatasync", "fgetxattr", "flistxattr", "fstat", "fstat64", "fstatat64",
    "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "getcwd", "getdents", "getdents64", "getxattr",
    "inotify_add_watch", "inotify_init", "inotify_init1", "inotify_rm_watch", "lgetxattr", "link", "linkat",
    "listxattr", "llistxattr", "lstat", "lstat64", "mkdir", "mkdirat", "newfstatat", "readahead", "readlink",
    "readlinkat", "rename", "renameat", "renameat2", "rmdir", "stat", "stat64", "statfs", "statfs64", "statx",
    "symlink", "symlinkat", "sync_file_range", "syncfs", "umask", "unlink", "unlinkat",
    // who it is and what the system is
    "capget", "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32",
    "getpgid", "getpgrp", "getpid", "getppid", "getpriority", "getrandom", "getresgid", "getresgid32", "getresuid",
    "getresuid32", "getrlimit", "getrusage", "getsid", "getuid", "getuid32", "sysinfo", "ugetrlimit", "uname"};

constexpr const char* kStream[] = {"getpeername", "getsockname",     "getsockopt", "recv",    "recvfrom",
                                   "recvmmsg",    "recvmmsg_time64", "recvmsg",    "send",    "sendmmsg",
                                   "sendmsg",     "sendto",          "setsockopt", "shutdown"};
constexpr const char* kClient[] = {"connect"};
constexpr const char* kServer[] = {"accept", "accept4", "bind", "listen"};

// Rights, owners and times of a file are not Landlock's: one who runs as the daemon's user could open the daemon's
// files to others, or a program of root's to be run as root.
constexpr const char* kRefused[] = {"capset",
                                    "chmod",
                                    "chown",
                                    "chown32",
                                    "fchmod",
                                    "fchmodat",
                                    "fchown",
                                    "fchown32",
                                    "fchownat",
                                    "fremovexattr",
                                    "fsetxattr",
                                    "futimesat",
                                    "ioprio_set",
                                    "lchown",
                                    "lchown32",
                                    "lremovexattr",
                                    "lsetxattr",
                                    "mknod",
                                    "mknodat",
                                    "personality",
                                    "removexattr",
                                    "sched_setaffinity",
                                    "sched_setattr",
                                    "sched_setparam",
                                    "sched_setscheduler",
                                    "setfsgid",
                                    "setfsgid32",
                                    "setfsuid",
                                    "setfsuid32",
                                    "setgid",
                                    "setgid32",
                                    "setgroups",
                                    "setgroups32",
                                    "setpgid",
                                    "setpriority",
                                    "setregid",
                                    "setregid32",
                                    "setresgid",
                                    "setresgid32",
                                    "setresuid",
                                    "setresuid32",
                                    "setreuid",
                                    "setreuid32",
                                    "setrlimit",
                                    "setsid",
                                    "setuid",
                                    "setuid32",
                                    "setxattr",
                                    "sync",
                                    "utime",
                                    "utimensat",
                                    "utimensat_time64",
                                    "utimes"};

constexpr const char* kAbsent[] = {"clone3", "io_uring_setup", "openat2"};

constexpr const char* kTime[] = {"adjtimex",      "clock_adjtime",   "clock_adjtime64",
                                 "clock_settime", "clock_settime64", "settimeofday"};
constexpr const char* kNice[] = {"ioprio_set",     "sched_setaffinity",  "sched_setattr",
                                 "sched_setparam", "sched_setscheduler", "setpriority"};
constexpr const char* kChown[] = {"chown", "chown32", "fchown", "fchown32", "fchownat", "lchown", "lchown32"};
constexpr const char* kRawIo[] = {"ioperm", "iopl"};
constexpr const char* kBoot[] = {"reboot"};
constexpr const char* kSyslog[] = {"syslog"};

constexpr CapabilityCalls kCapabilityCalls[] = {{"CAP_CHOWN", kChown},   {"CAP_SYS_BOOT", kBoot},
                                                {"CAP_SYS_NICE", kNice}, {"CAP_SYS_RAWIO", kRawIo},
                                                {"CAP_SYS_TIME", kTime}, {"CAP_SYSLOG", kSyslog}};

}  // namespace

Names ordinary_calls() {
  return kOrdinary;
}

Names stream_calls() {
  return kStream;
}

Names client_calls() {
  return kClient;
}

Names server_calls() {
  return kServer;
}

Names refused_calls() {
  return kRefused;
}

Names absent_calls() {
  return kAbsent;
}

std::span<const CapabilityCalls> capability_calls() {
  return kCapabilityCalls;
}

}  // namespace backplane::runner
