// Bounds of what every folder reads, each with a word on why that number.
#pragma once

#include <cstddef>

namespace backplane::base::limits {

inline constexpr std::size_t kJsonDepthMax = 32;

}  // namespace backplane::base::limits
