// Where a plugin's process leaves the number of the system call that ended it. It lies in memory that the process
// shares with the daemon, so what the daemon reads there is a stranger's word: good for a message, for nothing else.
#pragma once

#include <atomic>
#include <cstdint>

namespace backplane::link {

struct SystemCallNote {
  std::atomic<std::int32_t> number{-1};  // -1: none
};
static_assert(std::atomic<std::int32_t>::is_always_lock_free, "a signal handler writes it, another process reads it");

}  // namespace backplane::link
