// The host's side of a link for operations: sends what a client does to the plugin, and does to the operation what the
// plugin says. It keeps the plugin's limits of open operations. I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "feed/attached_reader.hpp"
#include "link/link.hpp"
#include "link/wire/message.hpp"
#include "op/operation.hpp"

namespace backplane::link {

struct BridgeCounts {
  std::uint64_t requests = 0;  // delivered so far
  std::uint64_t refused = 0;   // answered 503 for lack of room so far
  std::uint64_t overruns = 0;  // operations ended because a limit was broken

  BridgeCounts& operator+=(const BridgeCounts& more) {
    requests += more.requests;
    refused += more.refused;
    overruns += more.overruns;
    return *this;
  }
};

class OpBridge {
 public:
  explicit OpBridge(Link& link) : link_(link) {}
  ~OpBridge();
  OpBridge(const OpBridge&) = delete;
  OpBridge& operator=(const OpBridge&) = delete;

  struct Target {
    std::uint32_t route = 0;  // index into the manifest's routes
    bool websocket = false;
    bool safe = false;
  };

  // Sends the operation to the plugin and becomes its answerer. False: the plugin has too many open, or takes nothing
  // now; nothing was done.
  bool open(const std::shared_ptr<op::Operation>& operation, const Target& target);

  // Handles kRespond, kFail, kBegin, kWrite, kEnd and kConsume. What is said of an operation that has ended is dropped.
  void handle(Message& message);

  // Makes a begun operation a reader of the feed: it counts against no limit of this plugin any more. False: it has
  // ended. If there is no feed it is ended.
  bool attach(op::Number number, feed::Feed* feed, feed::Framing framing);
  // Lets go of those that read feeds, for their client stays where the plugin goes; the plugin hears of their end.
  void release_attached();

  // Ends every open operation.
  void end_all(op::End reason);
  // The plugin is gone: what has no answer yet is answered with this, what streams is cut off.
  void fail_all(const exchange::Failure& failure);

  // Without those that read feeds.
  std::size_t open_count() const { return deliveries_.size() - attached_; }
  std::size_t unanswered() const { return unanswered_; }
  std::size_t streams() const { return streams_; }
  const BridgeCounts& counts() const { return counts_; }

 private:
  class Delivery;
  std::vector<std::shared_ptr<op::Operation>> open_operations() const;
  void answered(Delivery& delivery, bool as_stream);
  void closed(const Delivery& delivery);

  Link& link_;
  std::unordered_map<op::Number, std::shared_ptr<Delivery>> deliveries_;
  std::size_t unanswered_ = 0;
  std::size_t streams_ = 0;
  std::size_t attached_ = 0;
  BridgeCounts counts_;
};

}  // namespace backplane::link
