#include "auth/network_failures.hpp"

#include <algorithm>
#include <cmath>

#include "auth/limits.hpp"
#include "base/peer_network.hpp"

namespace backplane::auth {

std::vector<NetworkFailures::Bucket> NetworkFailures::buckets_of(std::string_view address) {
  using base::Ipv6Part;
  const auto network = [&](Ipv6Part part) { return base::peer_network(address, base::Ipv4Part::kNetwork24, part); };
  std::vector<Bucket> buckets = {
      {network(Ipv6Part::kNetwork64), limits::kNetworkFreeFailures, limits::kNetworkForgiveMs}};
  std::string wide = network(Ipv6Part::kNetwork56);
  if (wide == buckets.front().network) return buckets;  // not IPv6
  buckets.push_back({std::move(wide), limits::kNetwork56FreeFailures, limits::kNetwork56ForgiveMs});
  buckets.push_back({network(Ipv6Part::kNetwork48), limits::kNetwork48FreeFailures, limits::kNetwork48ForgiveMs});
  return buckets;
}

void NetworkFailures::add(std::string_view address) {
  for (Bucket& bucket : buckets_of(address)) {
    const double failures = failures_in(bucket) + 1;
    const double failures_max = bucket.free_failures + limits::kPasswordChecksPerNetworkMax;  // the wait stays short
    if (counts_.size() >= limits::kNetworkFailuresMax && !counts_.contains(bucket.network)) make_room();
    counts_[std::move(bucket.network)] = {std::min(failures, failures_max), clock_.boot_ms(), bucket.forgive_ms};
  }
}

std::int64_t NetworkFailures::wait_ms(std::string_view address) const {
  if (counts_.empty()) return 0;
  double wait = 0;
  for (const Bucket& bucket : buckets_of(address)) {
    const double over = failures_in(bucket) - (bucket.free_failures - 1);
    wait = std::max(wait, over * bucket.forgive_ms);
  }
  return static_cast<std::int64_t>(std::ceil(wait));
}

double NetworkFailures::failures(std::string_view address) const {
  if (counts_.empty()) return 0;
  double most = 0;
  for (const Bucket& bucket : buckets_of(address)) most = std::max(most, failures_in(bucket));
  return most;
}

std::size_t NetworkFailures::tries_max(std::string_view address) const {
  double left = limits::kPasswordChecksPerNetworkMax;
  for (const Bucket& bucket : buckets_of(address)) left = std::min(left, bucket.free_failures - failures_in(bucket));
  return static_cast<std::size_t>(std::max(left, 1.0));
}

double NetworkFailures::failures_in(const Bucket& bucket) const {
  const auto found = counts_.find(bucket.network);
  return found == counts_.end() ? 0 : now(found->second);
}

double NetworkFailures::now(const Count& count) const {
  const auto passed = static_cast<double>(clock_.boot_ms() - count.counted_ms);
  return std::max(count.failures - passed / count.forgive_ms, 0.0);
}

// A failure costs an argon2 before it comes here: looking at all entries is little beside that.
void NetworkFailures::make_room() {
  std::erase_if(counts_, [this](const auto& entry) { return now(entry.second) <= 0; });
  if (counts_.size() < limits::kNetworkFailuresMax) return;
  counts_.erase(std::min_element(counts_.begin(), counts_.end(),
                                 [this](const auto& a, const auto& b) { return now(a.second) < now(b.second); }));
}

}  // namespace backplane::auth
