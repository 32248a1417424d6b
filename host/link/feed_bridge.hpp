// The host's side of a link for feeds: puts what a plugin publishes into its feeds, tells it whether anybody reads,
// makes clients readers, and sends it the items of the feeds that it has subscribed to. I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "feed/feed.hpp"
#include "link/link.hpp"
#include "link/op_bridge.hpp"
#include "link/wire/message.hpp"

namespace backplane::link {

class FeedBridge final : private feed::Writer {
 public:
  FeedBridge(Link& link, OpBridge& operations, feed::Feeds& feeds, const Settings& settings);
  ~FeedBridge() override;
  FeedBridge(const FeedBridge&) = delete;
  FeedBridge& operator=(const FeedBridge&) = delete;

  // From now on this life of the plugin is the one whose items count.
  void become_writer();
  // It is gone, or another has become the writer: nothing more is sent to it.
  void close();

  // Handles kPublish, kAttach, kSubscribe, kUnsubscribe and kItemsTaken.
  void handle(Message& message);

 private:
  class Subscription;
  void on_demand(const feed::Feed& feed) override;
  void tell_demand(std::size_t place);
  void publish(std::uint64_t place, Item& item);
  void attach(std::uint64_t op, Attach& attach);
  void subscribe(std::uint64_t number, const std::string& name);
  void unsubscribe(std::uint64_t number);

  Link& link_;
  OpBridge& operations_;
  feed::Feeds& feeds_;
  std::vector<feed::Feed*> own_;  // in the manifest's order
  std::vector<std::size_t> depths_;
  const std::vector<std::string> readable_;
  std::vector<std::uint64_t> attaches_;  // handled, by the feed's place
  bool writes_ = false;
  bool closed_ = false;
  // Also those that were given up, until the plugin has come round to what was sent to it.
  std::unordered_map<std::uint64_t, std::unique_ptr<Subscription>> subscriptions_;
};

}  // namespace backplane::link
