#include "link/wire/host_queue.hpp"

#include <utility>

#include "link/limits.hpp"

namespace backplane::link {
namespace {

bool may_be_refused(Code code) {
  // An answer, a piece or a log line has somebody who hears of the refusal; the others are bounded by what they count.
  return code == Code::kRespond || code == Code::kWrite || code == Code::kLog || code == Code::kPublish ||
         code == Code::kSubscribe;
}

bool merges(Code code) {
  return code == Code::kConsume || code == Code::kMetric || code == Code::kState || code == Code::kItemsTaken;
}

std::uint64_t merge_key(const Message& message) {
  return (static_cast<std::uint64_t>(message.code) << 56) ^ message.id;
}

}  // namespace

bool HostQueue::send(Message message) {
  const std::size_t bytes = bytes_of(message);
  const Code code = message.code;
  bool was_empty = false;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return true;  // nobody listens any more, and nobody is to blame for it
    if (bytes_ >= limits::kLinkBytesMax && may_be_refused(message.code)) {
      refused_ = refused_ || message.code != Code::kLog;
      return false;
    }
    if (merges(message.code) && merge(message)) return true;
    was_empty = waiting_.empty();
    bytes_ += bytes;
    waiting_.push_back(std::move(message));
  }
  // A log line must be out before what it warns of happens.
  if (was_empty || code == Code::kLog) wake_(code);
  return true;
}

bool HostQueue::merge(Message& message) {
  const auto [place, is_new] = mergeable_.try_emplace(merge_key(message), waiting_.size());
  if (is_new) return false;
  Payload& waiting = waiting_[place->second].payload;
  if (message.code == Code::kConsume || message.code == Code::kItemsTaken) {
    std::get<Count>(waiting).count += std::get<Count>(message.payload).count;
  } else {
    waiting = std::move(message.payload);
  }
  return true;
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
