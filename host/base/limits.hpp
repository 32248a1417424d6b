// Bounds of what every folder reads, each with a word on why that number.
#pragma once

#include <chrono>
#include <cstddef>

namespace backplane::base::limits {

inline constexpr std::size_t kJsonDepthMax = 32;

// --- The log's queue ---
inline constexpr std::size_t kLogQueueLinesMax = 4096;        // what a busy daemon writes while its reader is restarted
inline constexpr std::size_t kLogQueueBytesMax = 512 * 1024;  // of their texts: no board misses it
inline constexpr std::chrono::milliseconds kLogFlushMax{1'000};  // what an end waits for a reader that has stopped

}  // namespace backplane::base::limits
