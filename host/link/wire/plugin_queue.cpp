#include "link/wire/plugin_queue.hpp"

#include <algorithm>
#include <utility>

#include "link/limits.hpp"

namespace backplane::link {
namespace {

bool may_be_refused(Code code) {
  return code == Code::kRequest || code == Code::kPart || code == Code::kData || code == Code::kConfig;
}

}  // namespace

bool PluginQueue::send(Message message) {
  const std::size_t bytes = bytes_of(message);
  std::lock_guard lock(mutex_);
  if (may_be_refused(message.code) &&
      (waiting_.size() >= limits::kLinkMessagesMax || bytes_ + bytes > limits::kLinkBytesMax)) {
    return false;
  }
  bytes_ += bytes;
  if (merge(message)) return true;
  waiting_.push_back(std::move(message));
  count_.store(waiting_.size());
  return true;
}

bool PluginQueue::merge(Message& message) {
  if (message.code == Code::kDemand) {
    const auto same = std::find_if(waiting_.begin(), waiting_.end(), [&](const Message& one) {
      return one.code == Code::kDemand && one.id == message.id;
    });
    if (same == waiting_.end()) return false;
    bytes_ -= bytes_of(*same);
    same->payload = std::move(message.payload);
    return true;
  }
  if (waiting_.empty()) return false;
  Message& last = waiting_.back();
  if (last.code != message.code || last.id != message.id) return false;
  if (message.code == Code::kSent) {
    std::get<Count>(last.payload).count += std::get<Count>(message.payload).count;
    return true;
  }
  if (message.code != Code::kData) return false;
  Data& data = std::get<Data>(last.payload);
  Data& next = std::get<Data>(message.payload);
  if (data.kind != op::DataKind::kBytes || next.kind != op::DataKind::kBytes || data.last) return false;
  data.bytes += next.bytes;
  data.last = next.last;
  return true;
}

void PluginQueue::take(std::vector<Message>& batch) {
  std::lock_guard lock(mutex_);
  batch.swap(waiting_);
  bytes_ = 0;
  count_.store(0);
}

}  // namespace backplane::link
