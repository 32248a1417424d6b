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
inline constexpr std::size_t kEndedSessionsMax = 2048;  // twice what there may be: four pages of the disk
inline constexpr std::int64_t kStoreHangMs = 10'000;    // a memory card that cleans up needs two or three seconds

// --- Second factors ---
inline constexpr std::int64_t kTotpStepsGood = 3;  // at one time: the present one and its neighbours
inline constexpr std::size_t kTotpSpentMax = 256;  // steps kept of a user: so many logins back no code is good again

}  // namespace backplane::store::limits
