#include "runner/file_rules.hpp"

#include <fcntl.h>

namespace backplane::runner {
namespace {

struct Rule {
  const char* path;
  std::uint64_t rights;
};

constexpr std::uint64_t kLibrary = right::kRead | right::kExecute;
constexpr std::uint64_t kSink = right::kReadFile | right::kWriteFile;

constexpr Rule kSystem[] = {
    {"/lib", kLibrary},
    {"/lib32", kLibrary},
    {"/lib64", kLibrary},
    {"/usr/lib", kLibrary},
    {"/usr/lib32", kLibrary},
    {"/usr/lib64", kLibrary},
    {"/usr/local/lib", kLibrary},
    {"/etc/ld.so.cache", right::kReadFile},
    {"/etc/localtime", right::kReadFile},
    {"/usr/share/zoneinfo", right::kRead},
    {"/etc/nsswitch.conf", right::kReadFile},
    {"/sys/devices/system/cpu", right::kRead},  // how many processors there are
    {"/dev/urandom", right::kReadFile},
    {"/dev/random", right::kReadFile},
    {"/dev/zero", right::kReadFile},
    {"/dev/null", kSink},
};

// Folders for what is renamed into place at each change of the network. In /etc a new resolv.conf is only seen by a
// plugin that starts after it.
constexpr Rule kNetwork[] = {
    {"/etc/resolv.conf", right::kReadFile},
    {"/run/systemd/resolve", right::kRead},
    {"/run/resolvconf", right::kRead},
    {"/etc/hosts", right::kReadFile},
    {"/etc/host.conf", right::kReadFile},
    {"/etc/gai.conf", right::kReadFile},
    {"/etc/services", right::kReadFile},
    {"/etc/protocols", right::kReadFile},
    {"/etc/ssl/certs", right::kRead},  // without /etc/ssl/private
    {"/etc/ssl/openssl.cnf", right::kReadFile},
    {"/usr/share/ca-certificates", right::kRead},
    {"/usr/local/share/ca-certificates", right::kRead},
};

}  // namespace

void allow_system_files(FileRules& rules) {
  for (const Rule& rule : kSystem) rules.allow(rule.path, rule.rights);
  // Left open on purpose: the kernel makes a new folder for the process when it has forgotten the old one, and the
  // rule would be for the old one. An open folder is not forgotten.
  static_cast<void>(::open("/proc/self", O_PATH | O_CLOEXEC));
  rules.allow("/proc/self", right::kRead);
}

void allow_network_files(FileRules& rules) {
  for (const Rule& rule : kNetwork) rules.allow(rule.path, rule.rights);
}

}  // namespace backplane::runner
