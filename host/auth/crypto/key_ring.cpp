#include "auth/crypto/key_ring.hpp"

#include <algorithm>
#include <utility>

#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "store/limits.hpp"

namespace backplane::auth {

base::Checked<KeyRing> read_key_ring(store::Store& store, const base::Clock& clock, bool renew) {
  KeyRing ring;
  const auto done = store.in_transaction([&]() -> base::Checked<void> {
    auto keys = store.token_keys();
    if (!keys) return keys.error();
    ring = std::move(*keys);
    const std::int64_t now_ms = clock.wall_ms();
    // A clock that was set back makes a key look like one of tomorrow; that is no reason for a new one.
    const bool old = ring.empty() || now_ms - ring.front().created_ms >= limits::kTokenKeyMs;
    if (!old && !renew) return {};
    auto added = store.insert_token_key({0, base::Secret(random_bytes(store::limits::kTokenKeyBytes)), now_ms});
    if (!added) return added.error();
    ring.insert(ring.begin(), std::move(*added));
    while (ring.size() > limits::kTokenKeysMax) {
      if (auto deleted = store.delete_token_key(ring.back().id); !deleted) return deleted;
      ring.pop_back();
    }
    return {};
  });
  if (!done) return done.error();
  return ring;
}

}  // namespace backplane::auth
