#include "runner/landlock.hpp"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace backplane::runner {
namespace {

// landlock_ruleset_attr as of version 6. An older kernel takes it where what it does not know is zero.
struct RulesetAttributes {
  std::uint64_t handled_files = 0;
  std::uint64_t handled_network = 0;
  std::uint64_t scoped = 0;
};

constexpr std::uint64_t kScopeAbstractSockets = 1ULL << 0;
constexpr std::uint64_t kScopeSignals = 1ULL << 1;
constexpr int kReferVersion = 2;
constexpr int kIoctlVersion = 5;
constexpr int kScopeVersion = 6;

std::uint64_t known_rights(int version) {
  std::uint64_t rights = right::kAllOfVersion1;
  if (version >= kReferVersion) rights |= right::kRefer;
  if (version >= kTruncateVersion) rights |= right::kTruncate;
  if (version >= kIoctlVersion) rights |= right::kIoctlDevice;
  return rights;
}

// Whether `inner` is `outer` or below it.
bool lies_in(const std::string& inner, const std::string& outer) {
  if (outer == "/" || inner == outer) return true;
  return inner.size() > outer.size() && inner.starts_with(outer) && inner[outer.size()] == '/';
}

}  // namespace

int landlock_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

FileRules::FileRules(int version) : known_(known_rights(version)) {
  RulesetAttributes attributes{.handled_files = known_};
  // The network is the filter's of system calls, but it cannot see whom a socket or a signal is for.
  if (version >= kScopeVersion) attributes.scoped = kScopeAbstractSockets | kScopeSignals;
  const long fd = ::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
  ruleset_ = base::UniqueFd(static_cast<int>(fd));
}

bool FileRules::allow(const char* path, std::uint64_t rights) {
  const base::UniqueFd file(::open(path, O_PATH | O_CLOEXEC));
  return file && add(file.get(), rights);
}

bool FileRules::allow_outside(const std::string& forbidden, const char* path, std::uint64_t rights) {
  const base::UniqueFd file(::open(path, O_PATH | O_CLOEXEC));
  if (!file) return false;
  std::error_code error;
  const auto opened = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.get()), error).string();
  if (error || lies_in(opened, forbidden) || lies_in(forbidden, opened)) {
    errno = EACCES;
    return false;
  }
  return add(file.get(), rights);
}

bool FileRules::add(int file, std::uint64_t rights) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return false;
  if (!S_ISDIR(status.st_mode)) rights &= right::kOfFiles;
  const landlock_path_beneath_attr rule{.allowed_access = rights & known_, .parent_fd = file};
  return ::syscall(SYS_landlock_add_rule, ruleset_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool FileRules::enforce() {
  return ::syscall(SYS_landlock_restrict_self, ruleset_.get(), 0) == 0;
}

}  // namespace backplane::runner
