// Messages on their way from a plugin to the host: bounded in bytes, one wake of the I/O thread for a whole batch.
// Messages that only carry the latest value (a metric, a state) or a sum (consume) merge with one that still waits, so
// that no plugin can fill the queue with them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "link/wire/message.hpp"

namespace backplane::link {

class HostQueue {
 public:
  // `wake` is called, on the sender's thread, for the message that ends the queue's emptiness and for each log line.
  explicit HostQueue(std::function<void(Code)> wake) : wake_(std::move(wake)) {}

  // False if the queue holds kLinkBytesMax or more: the message was not taken. Messages of lifecycle, credit and
  // state are always taken. [any thread]
  bool send(Message message);

  // Puts everything that waits into `batch`, which must be empty. True if a message was refused since the last take:
  // its sender waits to hear that there is room. [I/O thread]
  bool take(std::vector<Message>& batch);

  // From now on nothing is taken and nobody is woken: the receiver goes away. [I/O thread]
  void close();

 private:
  // Whether the message was added to one that waits already.
  bool merge_waiting(Message& message);

  std::mutex mutex_;
  std::function<void(Code)> wake_;
  std::vector<Message> waiting_;
  std::unordered_map<std::uint64_t, std::size_t> mergeable_;  // by kind and id: index into waiting_
  std::size_t bytes_ = 0;
  bool refused_ = false;
  bool closed_ = false;
};

}  // namespace backplane::link
