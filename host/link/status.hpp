// The one place that maps base::Error to bp_status and back.
#pragma once

#include <backplane/abi.h>

#include <optional>

#include "base/error.hpp"

namespace backplane::link {

bp_status to_status(base::Error error);
// What a plugin's status means for the host: empty for BP_OK, kInternal for a number that the ABI does not name.
std::optional<base::Error> from_status(bp_status status);
// "BP_E_AGAIN", for logs.
const char* status_name(bp_status status);

}  // namespace backplane::link
