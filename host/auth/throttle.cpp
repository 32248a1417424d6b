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
      accounts_(clock, limits::kThrottleAccountFreeFailures, limits::kThrottleWideDelayMsMax) {}

Digest Throttle::pair_of(std::string_view account, std::string_view address) const {
  const std::string network = base::peer_network(address, base::Ipv4Part::kNetwork24);
  std::string text(1, static_cast<char>(network.size()));
  text += network;
  text += account;
  return hmac_sha256(key_.reveal(), text);
}

Digest Throttle::account_key(std::string_view account) const {
  return hmac_sha256(key_.reveal(), account);
}

std::int64_t Throttle::wait_ms(std::string_view account, std::string_view address) const {
  if (pairs_.size() == 0) return 0;
  const Digest pair = pair_of(account, address);
  if (!pairs_.has_failed(pair)) return 0;
  const std::int64_t own = pairs_.wait_ms(pair);
  if (good_.contains(pair)) return own;
  const double over = failures_of_all() - limits::kThrottleAllFreeFailures;
  const auto all = static_cast<std::int64_t>(std::max(over, 0.0) / limits::kThrottleAllLeakPerSecond * 1000);
  return std::max({own, accounts_.wait_ms(account_key(account)), std::min(all, limits::kThrottleWideDelayMsMax)});
}

bool Throttle::begin(std::string_view account, std::string_view address) {
  return pairs_.begin(pair_of(account, address));
}

void Throttle::failed(std::string_view account, std::string_view address) {
  const Digest pair = pair_of(account, address);
  pairs_.fail(pair);
  if (good_.contains(pair)) return;  // an owner's typing mistakes are no attack from everywhere
  accounts_.fail(account_key(account));
  all_ = failures_of_all() + 1;
  all_counted_ms_ = clock_.boot_ms();
}

void Throttle::succeeded(std::string_view account, std::string_view address) {
  const Digest pair = pair_of(account, address);
  pairs_.forget(pair);
  remember_good(pair);
}

void Throttle::cancelled(std::string_view account, std::string_view address) {
  pairs_.cancel(pair_of(account, address));
}

double Throttle::failures_of_all() const {
  const double seconds = static_cast<double>(clock_.boot_ms() - all_counted_ms_) / 1000;
  return std::max(all_ - seconds * limits::kThrottleAllLeakPerSecond, 0.0);
}

void Throttle::remember_good(const Digest& pair) {
  if (const auto known = good_.find(pair); known != good_.end()) {
    good_order_.splice(good_order_.end(), good_order_, known->second);
    return;
  }
  if (good_.size() >= limits::kThrottleGoodMax) {
    good_.erase(good_order_.front());
    good_order_.pop_front();
  }
  good_order_.push_back(pair);
  good_.emplace(pair, std::prev(good_order_.end()));
}

}  // namespace backplane::auth
