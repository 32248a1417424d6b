#include "net/peer_limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/peer_network.hpp"
#include "net/limits.hpp"

namespace backplane::net {
namespace {

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
  if (is_forgettable(client)) clients_.erase(place);
}

bool PeerLimits::take(Client& client) {
  refill(client.handshakes);
  refill(all_);
  if (client.handshakes.left < 1 || all_.left < 1) return false;
  client.handshakes.left -= 1;
  all_.left -= 1;
  return true;
}

bool PeerLimits::has_handshakes() {
  refill(all_);
  return all_.left >= 1;
}

void PeerLimits::grant_handshakes() {
  // A client whose own share is used up stays in the round; where all of a round's are, it is over.
  for (std::size_t passed_over = 0; passed_over < round_.size();) {
    std::string key = std::move(round_.front());
    round_.pop_front();
    Client& client = clients_.at(key);
    client.in_round = !client.waiting.empty();
    if (!client.in_round) continue;
    if (!take(client)) {
      round_.push_back(std::move(key));
      ++passed_over;
      continue;
    }
    passed_over = 0;
    HandshakeTurn& turn = *client.waiting.front();
    client.waiting.pop_front();
    turn.came_ = true;
    round_.push_back(std::move(key));
    turn.on_came_();
  }
}

HandshakeTurn::HandshakeTurn(PeerLimits& limits, std::string_view address, std::function<void()> on_came)
    : limits_(limits), client_(key_of(address)), on_came_(std::move(on_came)) {
  PeerLimits::Client& client = limits_.clients_.at(client_);
  // Whoever waits already comes first, but those that wait for their own share hold nobody up.
  if (!limits_.round_.empty() && limits_.has_handshakes()) limits_.grant_handshakes();
  came_ = limits_.take(client);
  if (came_) return;
  if (!std::exchange(client.in_round, true)) limits_.round_.push_back(client_);
  place_ = client.waiting.insert(client.waiting.end(), this);
}

HandshakeTurn::~HandshakeTurn() {
  if (!came_) limits_.clients_.at(client_).waiting.erase(place_);
}

void PeerLimits::sweep() {
  for (auto each = clients_.begin(); each != clients_.end();) {
    each = is_forgettable(each->second) ? clients_.erase(each) : std::next(each);
  }
}

bool PeerLimits::is_forgettable(Client& client) const {
  return client.open == 0 && !client.in_round && refill(client.handshakes);
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
