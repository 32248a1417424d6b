// Bounds of configuration files, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::config::limits {

// --- Plugins ---
inline constexpr std::size_t kPluginsMax = 64;

// --- Plugins in processes of their own ---
inline constexpr std::uint64_t kPluginMemoryBytesDefault = std::uint64_t{128} << 20;  // private memory
inline constexpr std::uint64_t kPluginMemoryBytesMin = std::uint64_t{8} << 20;  // C++ runtime, link and two threads
inline constexpr std::uint64_t kPluginMemoryBytesMax = std::uint64_t{4} << 30;  // more would bound nothing on a board
inline constexpr std::size_t kSystemUserBytesMax = 64;                          // of a name; useradd takes 32

// --- Configuration ---
inline constexpr std::size_t kConfigBytesMax = 1024 * 1024;
inline constexpr std::size_t kConfigIncludesMax = 64;
inline constexpr std::size_t kConfigProblemsMax = 50;
inline constexpr std::size_t kConfigNodesMax = 20'000;   // YAML values with every alias counted in full
inline constexpr std::size_t kConfigListItemsMax = 256;  // one list of addresses, folders or paths
inline constexpr std::size_t kConfigShownBytesMax = 60;  // of a wrong value repeated in a message
inline constexpr std::size_t kConfigDurationDaysMax = 3650;
inline constexpr std::size_t kListenersMax = 32;
inline constexpr std::size_t kRolesMax = 64;
inline constexpr std::size_t kRoleScopesMax = 256;

}  // namespace backplane::config::limits
