// Bounds of what administrators ask for, each with a word on why that number.
#pragma once

#include <cstdint>

namespace backplane::admin::limits {

inline constexpr std::int64_t kAuditPageMax = 500;

}  // namespace backplane::admin::limits
