#include "runner/no_new_privileges.hpp"

#include <errno.h>
#include <sys/prctl.h>

#include "runner/refusal.hpp"

namespace backplane::runner {

base::Checked<link::SandboxLayer> forbid_new_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refusal("the sandbox cannot give up new privileges", errno);
  return link::SandboxLayer{"no new privileges", true, "set-user-id files and file capabilities give it nothing"};
}

}  // namespace backplane::runner
