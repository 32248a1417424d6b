#include "auth/throttle.hpp"

#include <algorithm>
#include <string>

#include "auth/random.hpp"
#include "base/limits.hpp"
#include "base/peer_network.hpp"

namespace backplane::auth {
namespace {

namespace limits = base::limits;

std::int64_t delay_ms(int failures) {
  constexpr int kDoublingsMax = 20;  // far over the longest delay, far under an overflow
  const int doublings = std::min(failures - limits::kThrottleFreeFailures, kDoublingsMax);
  return std::min(std::int64_t{1000} << doublings, limits::kThrottleDelayMsMax);
}

}  // namespace

Throttle::Throttle(const base::Clock& clock) : clock_(clock), key_(random_bytes(32)) {}

Digest Throttle::key_of(std::string_view account, std::string_view address) const {
  const std::string network = base::peer_network(address, base::Ipv4Part::kNetwork24);
  std::string text(1, static_cast<char>(network.size()));
  text += network;
  text += account;
  return hmac_sha256(key_.reveal(), text);
}

std::int64_t Throttle::wait_ms(std::string_view account, std::string_view address) const {
  if (entries_.empty()) return 0;
  const auto found = entries_.find(key_of(account, address));
  if (found == entries_.end()) return 0;
  return std::max<std::int64_t>(found->second->blocked_until_ms - clock_.boot_ms(), 0);
}

bool Throttle::begin(std::string_view account, std::string_view address) {
  Entry& entry = entry_of(key_of(account, address));
  const int left = std::max(limits::kThrottleFreeFailures - entry.failures, 1);
  if (entry.under_way >= left) return false;
  ++entry.under_way;
  return true;
}

void Throttle::failed(std::string_view account, std::string_view address) {
  const Digest key = key_of(account, address);
  Entry& entry = entry_of(key);
  entry.under_way = std::max(entry.under_way - 1, 0);
  ++entry.failures;
  if (entry.failures < limits::kThrottleFreeFailures) return;
  entry.blocked_until_ms = clock_.boot_ms() + delay_ms(entry.failures);
  const auto place = entries_.at(key);
  Entries& from = entry.failures == limits::kThrottleFreeFailures ? light_ : penalised_;
  penalised_.splice(penalised_.end(), from, place);
}

void Throttle::succeeded(std::string_view account, std::string_view address) {
  const Digest key = key_of(account, address);
  if (entries_.contains(key)) erase(key);
}

void Throttle::cancelled(std::string_view account, std::string_view address) {
  const Digest key = key_of(account, address);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  Entry& entry = *found->second;
  entry.under_way = std::max(entry.under_way - 1, 0);
  if (entry.under_way == 0 && entry.failures == 0) erase(key);
}

Throttle::Entry& Throttle::entry_of(const Digest& key) {
  const std::int64_t now = clock_.boot_ms();
  if (const auto found = entries_.find(key); found != entries_.end()) {
    const auto place = found->second;
    const bool forgotten = place->under_way == 0 && now - place->last_ms >= limits::kThrottleForgetMs;
    if (!forgotten) {
      Entries& list = place->failures >= limits::kThrottleFreeFailures ? penalised_ : light_;
      list.splice(list.end(), list, place);
      place->last_ms = now;
      return *place;
    }
    erase(key);
  }
  if (entries_.size() >= limits::kThrottleEntriesMax) make_room();
  light_.push_back(Entry{key, 0, 0, now, 0});
  entries_.emplace(key, std::prev(light_.end()));
  return light_.back();
}

void Throttle::erase(const Digest& key) {
  const auto found = entries_.find(key);
  const auto place = found->second;
  Entries& list = place->failures >= limits::kThrottleFreeFailures ? penalised_ : light_;
  entries_.erase(found);
  list.erase(place);
}

void Throttle::make_room() {
  Entries& list = light_.empty() ? penalised_ : light_;
  erase(Digest(list.front().key));
}

}  // namespace backplane::auth
