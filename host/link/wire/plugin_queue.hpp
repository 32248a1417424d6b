// Messages on their way from the host to a plugin: bounded in number and bytes. Pieces of one body that follow each
// other merge while they wait, so that a client with tiny chunks does not fill the queue; of a feed's demand only the
// latest waits.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "link/wire/message.hpp"

namespace backplane::link {

class PluginQueue {
 public:
  // False if kLinkMessagesMax messages or kLinkBytesMax bytes wait: the message was not taken. Lifecycle, credit and
  // ends are always taken: there is at most one end per operation, and credit merges. [I/O thread]
  bool send(Message message);

  // Puts everything that waits into `batch`, which must be empty. [plugin thread]
  void take(std::vector<Message>& batch);
  bool empty() const { return count_.load() == 0; }

 private:
  bool merge_waiting(Message& message);

  mutable std::mutex mutex_;
  std::vector<Message> waiting_;
  std::size_t bytes_ = 0;
  std::atomic<std::size_t> count_{0};
};

}  // namespace backplane::link
