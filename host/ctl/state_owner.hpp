// Acts as the owner of the state directory, so that root leaves no files behind that the daemon's user cannot write.
#pragma once

#include <string>

#include "base/result.hpp"

namespace backplane::ctl {

// Where this process is root and the directory belongs to another user, becomes that user for good. Otherwise, and
// where there is no such directory, does nothing.
base::Checked<void> become_owner_of(const std::string& directory);

}  // namespace backplane::ctl
