#include "net/peer_limits.hpp"

#include <algorithm>
#include <iterator>

#include "base/limits.hpp"
#include "base/peer_network.hpp"

namespace backplane::net {
namespace {

namespace limits = base::limits;

std::string key_of(std::string_view address) {
  return base::peer_network(address, base::Ipv4Part::kAddress);
}

}  // namespace

PeerLimits::PeerLimits(const base::Clock& clock) : clock_(clock), all_(full(limits::kHandshakesPerSecondMax)) {}

bool PeerLimits::enter(std::string_view address) {
  const auto [place, is_new] =
      clients_.try_emplace(key_of(address), Client{0, full(limits::kHandshakesPerAddressSecondMax)});
  Client& client = place->second;
  if (client.open >= limits::kConnectionsPerAddressMax) return false;
  ++client.open;
  return true;
}

void PeerLimits::leave(std::string_view address) {
  const auto place = clients_.find(key_of(address));
  if (place == clients_.end()) return;
  Client& client = place->second;
  --client.open;
  if (client.open == 0 && refill(client.handshakes)) clients_.erase(place);
}

bool PeerLimits::take_handshake(std::string_view address) {
  const auto place = clients_.find(key_of(address));
  if (place == clients_.end()) return false;
  Bucket& own = place->second.handshakes;
  refill(own);
  refill(all_);
  if (own.left < 1 || all_.left < 1) return false;
  own.left -= 1;
  all_.left -= 1;
  return true;
}

void PeerLimits::sweep() {
  for (auto each = clients_.begin(); each != clients_.end();) {
    const bool done = each->second.open == 0 && refill(each->second.handshakes);
    each = done ? clients_.erase(each) : std::next(each);
  }
}

// True where it is full.
bool PeerLimits::refill(Bucket& bucket) const {
  const std::int64_t now_ms = clock_.steady_ms();
  const double came = static_cast<double>(now_ms - bucket.refilled_ms) * bucket.per_second / 1000.0;
  bucket.left = std::min(bucket.per_second, bucket.left + came);
  bucket.refilled_ms = now_ms;
  return bucket.left >= bucket.per_second;
}

}  // namespace backplane::net
