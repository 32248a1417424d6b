// The keys that tokens are signed with: a new one every month, old ones kept until no token of theirs can be alive.
// Plain data; the store has the keys, token_signer uses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace backplane::auth {

using KeyRing = std::vector<store::TokenKeyRow>;  // newest first, never empty

// The keys of the store. Makes the first one, and a new one where the newest is older than kTokenKeyMs or `renew` asks
// for it; forgets those beyond kTokenKeysMax. On the store's thread, or before it runs.
base::Checked<KeyRing> read_key_ring(store::Store& store, const base::Clock& clock, bool renew = false);

}  // namespace backplane::auth
