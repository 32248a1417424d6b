// What the plugin's side of a link knows of feeds: enough to decide every status without asking the host. Any thread;
// the table's own mutex guards it.
#pragma once

#include <backplane/abi.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "link/wire/message.hpp"

namespace backplane::link {

class FeedStates {
 public:
  // The plugin's own numbers of its feeds, as their places in the manifest. Once, before the plugin starts.
  void set_feeds(std::vector<std::uint32_t> manifest_index);
  // The feed's place in the manifest; nothing: the plugin has no such feed.
  std::optional<std::uint32_t> of_plugin(std::uint32_t feed) const;
  std::optional<std::uint32_t> to_plugin(std::uint64_t manifest_index) const;

  // An operation is on its way to become a reader: until the host has seen that, its word that nobody reads is old.
  void attaching(std::uint32_t manifest_index);
  // Whether the plugin is to hear of it: not if it is old, nor that it is wanted if it knows that.
  bool is_news(std::uint64_t manifest_index, const Demand& demand);

  // Subscriptions go to the host by numbers that are never used again, so that an item of an old one finds nobody.
  bp_status subscribe(bp_cookie cookie, std::uint64_t& number);
  bp_status unsubscribe(bp_cookie cookie, std::uint64_t& number);
  std::optional<bp_cookie> subscription(std::uint64_t number) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::uint32_t> manifest_index_;
  std::vector<std::uint64_t> attaches_;  // by the manifest's places
  std::vector<bool> wanted_;             // as the plugin was told, by the same
  std::unordered_map<std::uint64_t, bp_cookie> subscriptions_;
  std::uint64_t last_number_ = 0;
};

}  // namespace backplane::link
