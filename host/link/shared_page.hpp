// The page that a plugin's process shares with the daemon: what is worth knowing of a process that no longer answers.
// The process may write whatever it likes into it.
#pragma once

#include "link/busy.hpp"
#include "link/system_call_note.hpp"

namespace backplane::link {

struct SharedPage {
  Busy busy;
  SystemCallNote stopped_call;
};

// The descriptors that a runner starts with.
inline constexpr int kRunnerSocket = 3;
inline constexpr int kRunnerPage = 4;

}  // namespace backplane::link
