// What every plugin may read, whatever its settings say: libraries and the little that the C library looks up.
#pragma once

#include "runner/landlock.hpp"

namespace backplane::runner {

// Paths that this system does not have are passed over.
void allow_system_files(FileRules& rules);
// Names, addresses and certificates.
void allow_network_files(FileRules& rules);

}  // namespace backplane::runner
