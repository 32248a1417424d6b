#include "runner/own_user.hpp"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <limits>
#include <string>
#include <vector>

#include "runner/capabilities.hpp"
#include "runner/refusal.hpp"

namespace backplane::runner {
namespace {

constexpr char kRemedy[] =
    "the daemon needs CAP_SETUID and CAP_SETGID to give a plugin a user of its own, CAP_CHOWN to give it its data "
    "folder, "
    "and CAP_KILL to end it; see config/systemd/backplaned.service";

// The last id means "leave as it is" to the kernel.
bool is_id(std::int64_t value) {
  return value >= 0 && value < std::numeric_limits<uid_t>::max();
}

}  // namespace

base::Checked<link::SandboxLayer> become_user(const link::SandboxSettings& settings) {
  if (settings.uid < 0) {
    return link::SandboxLayer{"user", false,
                              "runs as the daemon's user (" + std::to_string(::geteuid()) +
                                  "), whose files only the other layers guard; give the plugin a user of its own"};
  }
  std::vector<gid_t> groups;
  bool valid = is_id(settings.uid) && is_id(settings.gid);
  for (const std::int64_t group : settings.groups) {
    valid = valid && is_id(group);
    groups.push_back(static_cast<gid_t>(group));
  }
  if (!valid) {
    return base::problem(base::Error::kInvalid, "a plugin's user needs a user id, a group id and valid groups");
  }
  const auto uid = static_cast<uid_t>(settings.uid);
  const auto gid = static_cast<gid_t>(settings.gid);
  const std::string become = "the sandbox cannot become user " + std::to_string(uid);
  // A daemon that may not end the process would be at its mercy.
  if (uid != ::geteuid() && !has_capability(CAP_KILL)) return refusal(become, EPERM, kRemedy);
  if (::prctl(PR_SET_KEEPCAPS, 1) != 0) return refusal(become, errno);
  if (::setgroups(groups.size(), groups.data()) != 0 || ::setresgid(gid, gid, gid) != 0 ||
      ::setresuid(uid, uid, uid) != 0) {
    return refusal(become, errno, kRemedy);
  }
  if (::prctl(PR_SET_KEEPCAPS, 0) != 0) return refusal(become, errno);
  return link::SandboxLayer{"user", true,
                            "runs as user " + std::to_string(uid) + ", group " + std::to_string(gid) + " and " +
                                std::to_string(groups.size()) + " more groups"};
}

}  // namespace backplane::runner
