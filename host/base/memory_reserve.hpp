// Memory that is kept for the moment when there is none: the first allocation that fails gets it. Whoever sees that it
// is spent ends some of its work and refills it. Without the reserve an allocation fails with std::bad_alloc as ever.
#pragma once

#include <cstddef>

namespace backplane::base {

// From now on so much is kept. Once, before threads start.
void keep_memory_reserve(std::size_t bytes);

// Whether an allocation has needed it since it was kept or refilled. [any thread]
bool memory_reserve_spent() noexcept;

// Keeps it anew. False: there is still too little memory. [one thread]
bool refill_memory_reserve() noexcept;

}  // namespace backplane::base
