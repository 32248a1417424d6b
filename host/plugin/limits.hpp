// Bounds of plugins and their lives, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::plugin::limits {

// --- Timers of a connection, in milliseconds (plugin-abi.md "Extensions") ---
inline constexpr std::int64_t kDrainMs = 5'000;  // what SIGTERM grants to open operations

// --- Plugins ---
inline constexpr std::size_t kManifestBytesMax = 256 * 1024;
inline constexpr std::int64_t kPluginStartMs = 10'000;

// --- Plugins in processes of their own ---
inline constexpr std::size_t kSystemUserRecordBytesMax = 1024 * 1024;  // of one entry of the system's user database
inline constexpr std::size_t kSystemGroupsMax = 65'536;                // the kernel takes no more for a process
inline constexpr std::size_t kProcessCrashesMax = 5;                   // within the time below: then it stays down
inline constexpr std::int64_t kProcessCrashesMs = 600'000;
inline constexpr std::int64_t kProcessRestartMsMin = 500;  // after the second crash; the first restart is at once
inline constexpr std::int64_t kProcessRestartMsMax = 60'000;
inline constexpr std::size_t kLivesLeavingMax = 2;  // old processes of one plugin that still drain

// --- Links ---
inline constexpr std::size_t kRoutesPerPluginMax = 512;
inline constexpr std::size_t kScopesPerPluginMax = 64;
inline constexpr std::size_t kManifestProblemsMax = 50;

}  // namespace backplane::plugin::limits
