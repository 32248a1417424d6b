// Bounds of the database, each with a word on why that number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backplane::store::limits {

// --- Login ---
inline constexpr std::size_t kStoreJobsMax = 1024;

// --- Login, store ---
inline constexpr int kStoreBusyMs = 5'000;  // while another program reads the database
inline constexpr std::size_t kTokenKeyBytes = 32;

// --- Second factors ---
inline constexpr std::int64_t kTotpStepsGood = 3;  // at one time: the present one and its neighbours
inline constexpr std::size_t kTotpSpentMax = 256;  // steps kept of a user: so many logins back no code is good again

}  // namespace backplane::store::limits
