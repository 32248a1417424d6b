// Closes descriptors that a plugin has sent, on a thread of their own. What they are is the plugin's choice, and the
// last close of some takes as long as it likes: a serial port waits for its output, a network socket may linger.
#pragma once

#include <vector>

#include "base/unique_fd.hpp"

namespace backplane::link {

void close_elsewhere(std::vector<base::UniqueFd> descriptors);

}  // namespace backplane::link
