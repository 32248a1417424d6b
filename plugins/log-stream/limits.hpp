// Every bound of this plugin in one place, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::log_stream {

// --- Masks ---
inline constexpr std::size_t kMaskRulesMax = 64;                       // the defaults are about 20
inline constexpr std::size_t kMaskRuleBytesMax = 2048;                 // the longest default has under 500
inline constexpr std::int64_t kMaskRuleMemoryMax = 1024 * 1024;        // compiled; beyond it a rule is refused
inline constexpr std::int64_t kMaskRulesMemoryMax = 16 * 1024 * 1024;  // of the automaton that looks for all at once

}  // namespace backplane::log_stream
