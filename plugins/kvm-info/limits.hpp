// Every bound of this plugin in one place, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::kvm_info {

// --- Files of the kernel ---
inline constexpr std::size_t kAttributeBytesMax = 4096;       // a sysfs attribute is at most one page
inline constexpr std::size_t kMemoryFileBytesMax = 8 * 1024;  // /proc/meminfo is about 1.5 KiB
inline constexpr std::size_t kThermalZonesMax = 64;
inline constexpr std::size_t kHwmonDevicesMax = 64;
inline constexpr std::size_t kFansPerDeviceMax = 16;
inline constexpr std::size_t kDirectoryEntriesMax = 4096;  // looked at in one directory, then the rest is left

// --- Files of the administrator ---
inline constexpr std::size_t kYamlBytesMax = 64 * 1024;     // kvmd's largest manifest is under 1 KiB
inline constexpr std::size_t kYamlDepthMax = 16;            // also what stops a document whose alias contains itself
inline constexpr std::size_t kYamlNodesMax = 4096;          // aliases count each time, so they cannot multiply memory
inline constexpr std::size_t kPlatformFileBytesMax = 4096;  // three lines
inline constexpr std::size_t kExtrasMax = 64;               // kvmd ships five
inline constexpr std::size_t kUnitNameBytesMax = 255;       // systemd's own limit

// --- Times ---
inline constexpr std::int64_t kMetricsFreshMs = 5'000;    // kvmd caches its export for 5 s (pikvm.md §8.6)
inline constexpr std::int64_t kUnitQueryMsMax = 2'000;    // for all units together; a plugin has 5 s to stop
inline constexpr double kFanSearchIntervalS = 60;         // how often a machine without a fan is searched for one
inline constexpr std::uint64_t kCpuTicksBetweenMin = 20;  // a shorter stretch says little: the last figure is kept

}  // namespace backplane::kvm_info
