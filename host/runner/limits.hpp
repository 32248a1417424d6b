// Bounds of a plugin's process, each with a word on why that number.
#pragma once

#include <cstddef>

namespace backplane::runner::limits {

inline constexpr std::size_t kPluginDescriptorsMax = 256;  // watches, streams, files; the daemon's own stay with it
inline constexpr std::size_t kPluginFileBytesMax = 64 * 1024 * 1024;  // one file of its data folder
inline constexpr std::size_t kPluginStackBytes = 1024 * 1024;         // of a thread: all of it counts as memory

}  // namespace backplane::runner::limits
