#include "link/wire/plugin_queue.hpp"

#include <algorithm>
#include <utility>

#include "link/limits.hpp"

namespace backplane::link {
bool PluginQueue::send(Message message) {
  const std::size_t bytes = bytes_of(message);
  std::lock_guard lock(mutex_);
  if (row_of(message.code)->when_full == WhenFull::kRefused &&
      (waiting_.size() >= limits::kLinkMessagesMax || bytes_ + bytes > limits::kLinkBytesMax)) {
    return false;
  }
  bytes_ += bytes;
  if (merge_waiting(message)) return true;
  waiting_.push_back(std::move(message));
  count_.store(waiting_.size());
  return true;
}

bool PluginQueue::merge_waiting(Message& message) {
  const auto is_same = [&](const Message& one) { return one.code == message.code && one.id == message.id; };
  switch (row_of(message.code)->merging) {
    case Merging::kApart:
      return false;
    case Merging::kLatest: {
      const auto same = std::find_if(waiting_.begin(), waiting_.end(), is_same);
      if (same == waiting_.end()) return false;
      bytes_ -= bytes_of(*same);
      return merge(*same, message);
    }
    case Merging::kSum:
    case Merging::kPieces:  // between others they would change their order
      return !waiting_.empty() && is_same(waiting_.back()) && merge(waiting_.back(), message);
  }
  return false;
}

void PluginQueue::take(std::vector<Message>& batch) {
  std::lock_guard lock(mutex_);
  batch.swap(waiting_);
  bytes_ = 0;
  count_.store(0);
}

}  // namespace backplane::link
