#include "ctl/state_owner.hpp"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace backplane::ctl {

base::Checked<void> become_owner_of(const std::string& directory) {
  struct stat status {};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &status) != 0 || status.st_uid == 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setresgid(status.st_gid, status.st_gid, status.st_gid) != 0 ||
      ::setresuid(status.st_uid, status.st_uid, status.st_uid) != 0) {
    return base::problem(base::Error::kIo, std::string("cannot act as the directory's owner: ") + strerror(errno),
                         directory);
  }
  return {};
}

}  // namespace backplane::ctl
