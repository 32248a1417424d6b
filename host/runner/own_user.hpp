// The layer "user": the process becomes the plugin's own user, so that the system's file rights hold against it too.
#pragma once

#include "base/result.hpp"
#include "link/wire/settings.hpp"

namespace backplane::runner {

// Keeps the permitted capabilities over the change; drop_capabilities() comes after it. Inactive where no user is set.
base::Checked<link::SandboxLayer> become_user(const link::SandboxSettings& settings);

}  // namespace backplane::runner
