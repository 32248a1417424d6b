#include "feed/feeds.hpp"

#include "feed/limits.hpp"

namespace backplane::feed {

Feed& Feeds::at(std::string_view name) {
  const auto found = feeds_.find(name);
  if (found != feeds_.end()) return *found->second;
  auto feed = std::make_unique<Feed>(std::string(name), limits::kFeedDepthDefault, Feed::Memory::kWhileRead);
  return *feeds_.emplace(std::string(name), std::move(feed)).first->second;
}

Feed& Feeds::remembering(std::string_view name, std::size_t depth) {
  auto feed = std::make_unique<Feed>(std::string(name), depth, Feed::Memory::kAlways);
  return *feeds_.emplace(std::string(name), std::move(feed)).first->second;
}

void Feeds::end_clients() {
  for (const auto& [name, feed] : feeds_) feed->end_clients();
}

void Feeds::each(const std::function<void(const Feed&)>& look) const {
  for (const auto& [name, feed] : feeds_) look(*feed);
}

}  // namespace backplane::feed
