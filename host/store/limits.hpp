// Bounds of the database, each with a word on why that number.
#pragma once

#include <cstddef>

namespace backplane::store::limits {

// --- Login ---
inline constexpr std::size_t kStoreJobsMax = 1024;

// --- Login, store ---
inline constexpr int kStoreBusyMs = 5'000;  // while another program reads the database
inline constexpr std::size_t kTokenKeyBytes = 32;

}  // namespace backplane::store::limits
