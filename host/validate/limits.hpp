// Bounds of the validation of a plugin file, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::validate::limits {

inline constexpr std::size_t kPluginFileReadBytesMax = 256 * 1024 * 1024;  // of a file with all its debug information
inline constexpr std::size_t kElfSectionsMax = 4096;
inline constexpr std::size_t kElfNamesMax = 65'536;        // symbols, or needed libraries, that are looked at
inline constexpr std::size_t kElfNamesShownMax = 5;        // in a message
inline constexpr std::size_t kValidateRoutesMax = 64;      // that each check asks: it should end within its minute
inline constexpr std::size_t kValidateCrashesMax = 12;     // then more of the same is not news
inline constexpr std::int64_t kValidateRunMs = 180'000;    // all of a run, whatever the plugin does
inline constexpr std::int64_t kValidateAnswerMs = 30'000;  // the longest that one answer is waited for
inline constexpr std::int64_t kValidateSpareMs = 1'500;    // beyond a limit of the plugin, for a busy machine
inline constexpr std::int64_t kValidateHaltMs = 5'000;     // an upload of which nothing is taken for so long halts
inline constexpr std::int64_t kValidateQuietMs = 100;      // to see a process end that nothing can be asked of
inline constexpr std::int64_t kValidateStreamMs = 300;     // how long an endless answer is read
inline constexpr std::size_t kValidateUploadBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kValidateCancellations = 1000;
inline constexpr std::size_t kValidateRandomRequests = 200;
inline constexpr std::size_t kValidateRandomConfigs = 50;
inline constexpr std::size_t kValidateBoundaryConfigsMax = 40;
inline constexpr std::size_t kValidateGrowthBytesMax = 32 * 1024 * 1024;  // of memory, over a check that leaves nothing

}  // namespace backplane::validate::limits
