// The layer "capabilities": of the superuser's rights only those that were granted by name are left.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "link/wire/settings.hpp"

namespace backplane::runner {

// Empties every set but for the granted ones, which are then permitted and effective. A Problem names one that is
// unknown or that the daemon has not.
base::Checked<link::SandboxLayer> drop_capabilities(const std::vector<std::string>& granted);

// Whether this process has it now: what the daemon has, until the sandbox takes it away.
bool has_capability(int capability);

}  // namespace backplane::runner
