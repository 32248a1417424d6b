#include "link/wire/host_queue.hpp"

#include <utility>

#include "link/limits.hpp"

namespace backplane::link {
namespace {

std::uint64_t merge_key(const Message& message) {
  return (static_cast<std::uint64_t>(message.code) << 56) ^ message.id;
}

}  // namespace

bool HostQueue::send(Message message) {
  const std::size_t bytes = bytes_of(message);
  const Code code = message.code;
  const MessageRow& row = *row_of(code);
  bool was_empty = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return true;  // nobody listens any more, and nobody is to blame for it
    if (bytes_ >= limits::kLinkBytesMax && row.when_full == WhenFull::kRefused) {
      refused_ = refused_ || code != Code::kLog;
      return false;
    }
    if (row.merging != Merging::kApart && merge_waiting(message)) return true;
    was_empty = waiting_.empty();
    bytes_ += bytes;
    waiting_.push_back(std::move(message));
  }
  // A log line must be out before what it warns of happens.
  if (was_empty || code == Code::kLog) wake_(code);
  return true;
}

bool HostQueue::merge_waiting(Message& message) {
  const auto [place, is_new] = mergeable_.try_emplace(merge_key(message), waiting_.size());
  return !is_new && merge(waiting_[place->second], message);
}

bool HostQueue::take(std::vector<Message>& batch) {
  std::lock_guard lock(mutex_);
  batch.swap(waiting_);
  if (!mergeable_.empty()) mergeable_.clear();
  bytes_ = 0;
  return std::exchange(refused_, false);
}

void HostQueue::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_.clear();
  mergeable_.clear();
}

}  // namespace backplane::link
