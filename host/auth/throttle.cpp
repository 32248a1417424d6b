#include "auth/throttle.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "auth/crypto/random.hpp"
#include "auth/limits.hpp"
#include "base/peer_network.hpp"

namespace backplane::auth {

Throttle::Throttle(const base::Clock& clock)
    : clock_(clock),
      key_(random_bytes(32)),
      pairs_(clock, limits::kThrottleFreeFailures, limits::kThrottleDelayMsMax),
      known_(clock, limits::kThrottleFreeFailures, limits::kThrottleDelayMsMax),
      accounts_(clock, limits::kThrottleAccountFreeFailures, limits::kThrottleWideDelayMsMax),
      networks_(clock) {}

Digest Throttle::pair_of(std::string_view account, std::string_view address) const {
  return digest_of(account, base::peer_network(address, base::Ipv4Part::kNetwork24));
}

Digest Throttle::known_key(std::string_view account, std::string_view address) const {
  return digest_of(account, base::peer_network(address, base::Ipv4Part::kAddress));
}

Digest Throttle::digest_of(std::string_view account, std::string_view network) const {
  std::string text(1, static_cast<char>(network.size()));
  text += network;
  text += account;
  return hmac_sha256(key_.reveal(), text);
}

Digest Throttle::account_key(std::string_view account) const {
  return hmac_sha256(key_.reveal(), account);
}

std::int64_t Throttle::wait_ms(std::string_view account, std::string_view address) const {
  if (pairs_.size() == 0 && known_.size() == 0 && networks_.size() == 0) return 0;
  const Digest known = known_key(account, address);
  if (good_.contains(known)) return known_.wait_ms(known);
  const Digest pair = pair_of(account, address);
  const std::int64_t own = std::max(pairs_.wait_ms(pair), networks_.wait_ms(address));
  if (!pairs_.has_failed(pair)) return own;
  const double over = failures_of_all() - limits::kThrottleAllFreeFailures;
  const auto all = static_cast<std::int64_t>(std::max(over, 0.0) / limits::kThrottleAllLeakPerSecond * 1000);
  return std::max({own, accounts_.wait_ms(account_key(account)), std::min(all, limits::kThrottleWideDelayMsMax)});
}

bool Throttle::begin(std::string_view account, std::string_view address) {
  const Digest known = known_key(account, address);
  return good_.contains(known) ? known_.begin(known) : pairs_.begin(pair_of(account, address));
}

void Throttle::failed(std::string_view account, std::string_view address) {
  const Digest known = known_key(account, address);
  if (good_.contains(known)) {
    known_.fail(known);
    // A guesser who shares the owner's address has no tries for it elsewhere in the network.
    pairs_.add(pair_of(account, address));
    return;  // an owner's typing mistakes are no attack from everywhere
  }
  pairs_.fail(pair_of(account, address));
  networks_.add(address);
  accounts_.fail(account_key(account));
  all_ = failures_of_all() + 1;
  all_counted_ms_ = clock_.boot_ms();
}

void Throttle::succeeded(std::string_view account, std::string_view address) {
  const Digest known = known_key(account, address);
  if (good_.contains(known)) {
    known_.forget(known);
  } else {
    pairs_.forget(pair_of(account, address));
  }
  remember_good(known);
}

void Throttle::cancelled(std::string_view account, std::string_view address) {
  const Digest known = known_key(account, address);
  if (good_.contains(known)) {
    known_.cancel(known);
  } else {
    pairs_.cancel(pair_of(account, address));
  }
}

double Throttle::failures_of_all() const {
  const double seconds = static_cast<double>(clock_.boot_ms() - all_counted_ms_) / 1000;
  return std::max(all_ - seconds * limits::kThrottleAllLeakPerSecond, 0.0);
}

void Throttle::remember_good(const Digest& known) {
  if (const auto found = good_.find(known); found != good_.end()) {
    good_order_.splice(good_order_.end(), good_order_, found->second);
    return;
  }
  if (good_.size() >= limits::kThrottleGoodMax) {
    known_.forget(good_order_.front());
    good_.erase(good_order_.front());
    good_order_.pop_front();
  }
  good_order_.push_back(known);
  good_.emplace(known, std::prev(good_order_.end()));
}

}  // namespace backplane::auth
