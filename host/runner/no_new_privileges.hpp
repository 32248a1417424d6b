// The layer "no new privileges": nothing that this process starts or runs can have more rights than it has itself.
// Landlock and the filter of system calls are only taken from a process that has promised this.
#pragma once

#include "base/result.hpp"
#include "link/wire/settings.hpp"

namespace backplane::runner {

base::Checked<link::SandboxLayer> forbid_new_privileges();

}  // namespace backplane::runner
