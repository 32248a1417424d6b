#include "feed/feed.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "feed/limits.hpp"

namespace backplane::feed {
namespace {

// What an item costs besides its bytes, so that many tiny ones are bounded too.
constexpr std::size_t kItemCost = sizeof(Item) + 2 * sizeof(std::shared_ptr<const Item>);

std::size_t cost_of(const Item& item) {
  return kItemCost + item.bytes.size() + item.id.size();
}

}  // namespace

void Reader::join(Feed& feed, From from) {
  leave();
  feed.add(*this, from);
}

void Reader::leave() {
  if (feed_ != nullptr) std::exchange(feed_, nullptr)->remove(*this);
}

bool Reader::ready() const {
  return feed_ != nullptr && next_ < feed_->first_ + feed_->items_.size();
}

std::optional<Reader::Taken> Reader::take() {
  if (!ready()) return std::nullopt;
  Taken taken;
  if (next_ < feed_->first_) {
    taken.lost = feed_->first_ - next_;
    feed_->items_lost_ += taken.lost;
    next_ = feed_->first_;
  }
  taken.item = feed_->items_[next_++ - feed_->first_];
  told_ = ready();
  return taken;
}

Feed::Feed(std::string name, std::size_t depth, Memory memory)
    : name_(std::move(name)), depth_(depth), memory_(memory) {}

Feed::~Feed() {
  writer_ = nullptr;
  while (!readers_.empty()) readers_.back()->leave();
}

void Feed::set_writer(Writer* writer) {
  writer_ = writer;
  if (writer_ != nullptr && wanted()) writer_->on_demand(*this);
}

void Feed::publish(Item item) {
  if (wanted()) last_id_ = item.id;
  if (item.bytes.empty() && !item.id.empty()) return;
  if (!wanted() && memory_ == Memory::kWhileRead) return;
  bytes_ += cost_of(item);
  items_.push_back(std::make_shared<const Item>(std::move(item)));
  while (items_.size() > depth_ || (bytes_ > limits::kFeedBytesMax && items_.size() > 1)) forget_oldest();
  // A reader that hears of it may leave, and none joins meanwhile: walking backwards meets each of them once.
  for (std::size_t i = readers_.size(); i-- > 0;) {
    if (i >= readers_.size() || std::exchange(readers_[i]->told_, true)) continue;
    readers_[i]->on_items();
  }
}

void Feed::end_clients() {
  for (std::size_t i = readers_.size(); i-- > 0;) {
    if (i >= readers_.size() || !readers_[i]->is_client()) continue;
    Reader* const reader = readers_[i];
    reader->leave();
    reader->on_closed();
  }
}

void Feed::forget_oldest() {
  bytes_ -= cost_of(*items_.front());
  items_.pop_front();
  ++first_;
}

void Feed::add(Reader& reader, Reader::From from) {
  reader.feed_ = this;
  reader.place_ = readers_.size();
  reader.next_ = from == Reader::From::kKept ? first_ : first_ + items_.size();
  reader.told_ = false;
  readers_.push_back(&reader);
  if (readers_.size() == 1 && writer_ != nullptr) writer_->on_demand(*this);
  if (reader.ready()) {
    reader.told_ = true;
    reader.on_items();
  }
}

void Feed::remove(Reader& reader) {
  BP_CHECK(readers_[reader.place_] == &reader);
  readers_[reader.place_] = readers_.back();
  readers_[reader.place_]->place_ = reader.place_;
  readers_.pop_back();
  if (wanted()) return;
  last_id_.clear();
  if (memory_ == Memory::kWhileRead) {
    first_ += items_.size();
    items_.clear();
    bytes_ = 0;
  }
  if (writer_ != nullptr) writer_->on_demand(*this);
}

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
