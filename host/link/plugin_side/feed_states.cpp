#include "link/plugin_side/feed_states.hpp"

#include <algorithm>
#include <utility>

#include "link/limits.hpp"

namespace backplane::link {

void FeedStates::set_feeds(std::vector<std::uint32_t> manifest_index) {
  std::lock_guard lock(mutex_);
  attaches_.assign(manifest_index.size(), 0);
  wanted_.assign(manifest_index.size(), false);
  manifest_index_ = std::move(manifest_index);
}

std::optional<std::uint32_t> FeedStates::of_plugin(std::uint32_t feed) const {
  std::lock_guard lock(mutex_);
  if (feed >= manifest_index_.size()) return std::nullopt;
  return manifest_index_[feed];
}

std::optional<std::uint32_t> FeedStates::to_plugin(std::uint64_t manifest_index) const {
  std::lock_guard lock(mutex_);
  const auto found = std::find(manifest_index_.begin(), manifest_index_.end(), manifest_index);
  if (found == manifest_index_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - manifest_index_.begin());
}

void FeedStates::attaching(std::uint32_t manifest_index) {
  std::lock_guard lock(mutex_);
  ++attaches_[manifest_index];
}

bool FeedStates::is_news(std::uint64_t manifest_index, const Demand& demand) {
  std::lock_guard lock(mutex_);
  if (!demand.wanted && demand.attaches != attaches_[manifest_index]) return false;
  // The last reader has gone and another came while the plugin attached it: it has never stopped.
  if (demand.wanted && wanted_[manifest_index]) return false;
  wanted_[manifest_index] = demand.wanted;
  return true;
}

bp_status FeedStates::subscribe(bp_cookie cookie, std::uint64_t& number) {
  std::lock_guard lock(mutex_);
  for (const auto& [taken, name] : subscriptions_) {
    if (name == cookie) return BP_E_CONFLICT;
  }
  if (subscriptions_.size() >= limits::kSubscriptionsPerPluginMax) return BP_E_LIMIT;
  number = ++last_number_;
  subscriptions_.emplace(number, cookie);
  return BP_OK;
}

bp_status FeedStates::unsubscribe(bp_cookie cookie, std::uint64_t& number) {
  std::lock_guard lock(mutex_);
  for (auto at = subscriptions_.begin(); at != subscriptions_.end(); ++at) {
    if (at->second != cookie) continue;
    number = at->first;
    subscriptions_.erase(at);
    return BP_OK;
  }
  return BP_E_GONE;
}

std::optional<bp_cookie> FeedStates::subscription(std::uint64_t number) const {
  std::lock_guard lock(mutex_);
  const auto found = subscriptions_.find(number);
  if (found == subscriptions_.end()) return std::nullopt;
  return found->second;
}

}  // namespace backplane::link
