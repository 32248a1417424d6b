// Bounds of what every layer hands on, each with a word on why that number.
#pragma once

#include <cstddef>

namespace backplane::exchange::limits {

inline constexpr std::size_t kHeadersMax = 100;

}  // namespace backplane::exchange::limits
