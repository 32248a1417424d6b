#include "plugin/isolation/system_user.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <cerrno>

#include "plugin/limits.hpp"

namespace backplane::plugin {
namespace {

std::vector<std::int64_t> supplementary_groups(const std::string& name, gid_t primary) {
  int count = 64;
  std::vector<gid_t> found(static_cast<std::size_t>(count));
  while (::getgrouplist(name.c_str(), primary, found.data(), &count) < 0) {
    found.resize(std::max(static_cast<std::size_t>(count), found.size() * 2));
    if (found.size() > limits::kSystemGroupsMax) return {};
    count = static_cast<int>(found.size());
  }
  found.resize(static_cast<std::size_t>(count));
  std::vector<std::int64_t> groups;
  std::copy_if(found.begin(), found.end(), std::back_inserter(groups), [&](gid_t gid) { return gid != primary; });
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace

base::Result<std::optional<SystemUser>> find_system_user(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> record(4096);
  int error = ERANGE;
  while ((error = ::getpwnam_r(name.c_str(), &entry, record.data(), record.size(), &found)) == ERANGE &&
         record.size() < limits::kSystemUserRecordBytesMax) {
    record.resize(record.size() * 2);
  }
  if (found != nullptr) {
    return SystemUser{static_cast<std::int64_t>(entry.pw_uid), static_cast<std::int64_t>(entry.pw_gid),
                      supplementary_groups(name, entry.pw_gid)};
  }
  // Some databases say of a name that they do not know that it was not found, others that there was no error.
  if (error == 0 || error == ENOENT || error == ESRCH) return std::optional<SystemUser>();
  return boost::system::error_code(error, boost::system::system_category());
}

}  // namespace backplane::plugin
