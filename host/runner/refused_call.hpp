// What happens at a system call that the filter does not know: its number is noted for the daemon, and the process
// ends by the signal that the kernel sent.
#pragma once

#include "link/wire/shared_page.hpp"

namespace backplane::runner {

// For the whole process; `note` may be null and stays in use until its end.
void note_refused_calls(link::SystemCallNote* note);

}  // namespace backplane::runner
