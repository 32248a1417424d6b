#include "link/feed_bridge.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/utf8.hpp"
#include "link/limits.hpp"

namespace backplane::link {

// The plugin as the reader of another's feed: so much is sent ahead as it has room for, the rest waits in the feed.
class FeedBridge::Subscription final : public feed::Reader {
 public:
  Subscription(Link& link, std::uint64_t number) : link_(link), number_(number) {}

  // Left, and all that was sent has been taken.
  bool is_over() const { return feed() == nullptr && under_way_.empty(); }
  void items_taken(std::size_t count) {
    for (; count != 0 && !under_way_.empty(); --count) {
      bytes_ -= under_way_.front();
      under_way_.pop_front();
    }
    send();
  }

 private:
  void on_items() override { send(); }
  bool has_room() const {
    return under_way_.size() < limits::kSubscriptionItemsMax && bytes_ < limits::kSubscriptionBytesMax;
  }
  void send() {
    while (has_room()) {
      const auto taken = take();
      if (!taken) return;
      under_way_.push_back(taken->item->bytes.size());
      bytes_ += taken->item->bytes.size();
      link_.deliver({Code::kItem, number_, Item{taken->item->bytes, taken->item->id, taken->lost}});
    }
  }

  Link& link_;
  const std::uint64_t number_;
  std::deque<std::size_t> under_way_;  // the bytes of each item that the plugin has not been given
  std::size_t bytes_ = 0;
};

FeedBridge::FeedBridge(Link& link, OpBridge& operations, feed::Feeds& feeds, const Settings& settings)
    : link_(link),
      operations_(operations),
      feeds_(feeds),
      readable_(settings.feeds_readable),
      attaches_(settings.feeds.size(), 0) {
  for (const FeedInfo& feed : settings.feeds) {
    own_.push_back(&feeds.at(settings.instance + "/" + feed.id));
    depths_.push_back(feed.depth);
  }
}

FeedBridge::~FeedBridge() {
  close();
}

void FeedBridge::become_writer() {
  writes_ = true;
  for (std::size_t place = 0; place < own_.size(); ++place) {
    own_[place]->set_depth(depths_[place]);
    own_[place]->set_writer(this);
  }
}

void FeedBridge::close() {
  writes_ = false;
  closed_ = true;
  for (feed::Feed* feed : own_) {
    if (feed->writer() == this) feed->set_writer(nullptr);
  }
  subscriptions_.clear();
}

void FeedBridge::handle(Message& message) {
  switch (message.code) {
    case Code::kPublish:
      return publish(message.id, std::get<Item>(message.payload));
    case Code::kAttach:
      return attach(message.id, std::get<Attach>(message.payload));
    case Code::kSubscribe:
      return subscribe(message.id, std::get<Subscribe>(message.payload).feed);
    case Code::kUnsubscribe:
      return unsubscribe(message.id);
    case Code::kItemsTaken: {
      const auto found = subscriptions_.find(message.id);
      if (found == subscriptions_.end()) return;
      found->second->items_taken(std::get<Count>(message.payload).count);
      if (found->second->is_over()) subscriptions_.erase(found);
      return;
    }
    default:
      return;
  }
}

void FeedBridge::on_demand(const feed::Feed& feed) {
  tell_demand(static_cast<std::size_t>(std::find(own_.begin(), own_.end(), &feed) - own_.begin()));
}

void FeedBridge::tell_demand(std::size_t place) {
  const feed::Feed& feed = *own_[place];
  link_.deliver({Code::kDemand, place, Demand{feed.wanted(), attaches_[place], feed.last_id()}});
}

void FeedBridge::publish(std::uint64_t place, Item& item) {
  if (!writes_ || place >= own_.size()) return;
  feed::Item published{std::move(item.bytes), std::move(item.id), false};
  published.text = base::valid_utf8(published.bytes);
  own_[place]->publish(std::move(published));
}

void FeedBridge::attach(std::uint64_t op, Attach& attach) {
  if (attach.feed >= own_.size()) return;
  ++attaches_[attach.feed];
  feed::Feed& feed = *own_[attach.feed];
  // What a life that is being replaced hands over would miss what the new one publishes.
  const bool attached = operations_.attach(op, writes_ ? &feed : nullptr, std::move(attach.framing));
  if (writes_ && !attached && !feed.wanted()) tell_demand(attach.feed);
}

void FeedBridge::unsubscribe(std::uint64_t number) {
  const auto found = subscriptions_.find(number);
  if (found == subscriptions_.end()) return;
  found->second->leave();
  if (found->second->is_over()) subscriptions_.erase(found);
}

void FeedBridge::subscribe(std::uint64_t number, const std::string& name) {
  if (closed_ || std::find(readable_.begin(), readable_.end(), name) == readable_.end()) return;
  const auto reads = std::count_if(subscriptions_.begin(), subscriptions_.end(),
                                   [](const auto& one) { return one.second->feed() != nullptr; });
  if (reads >= static_cast<std::ptrdiff_t>(limits::kSubscriptionsPerPluginMax)) return;
  if (subscriptions_.size() >= limits::kSubscriptionsKnownMax) {
    return link_.kill("it subscribes to feeds faster than it reads them");
  }
  const auto [place, is_new] = subscriptions_.try_emplace(number);
  if (!is_new) return;
  place->second = std::make_unique<Subscription>(link_, number);
  place->second->join(feeds_.at(name), feed::Reader::From::kKept);
}

}  // namespace backplane::link
