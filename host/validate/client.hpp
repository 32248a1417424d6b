// The client of one request to the plugin: reads the answer, or does not, sends a body under credit, and leaves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exchange/response.hpp"
#include "op/operation.hpp"

namespace backplane::validate {

class Client {
 public:
  explicit Client(std::shared_ptr<op::Operation> operation) : operation_(std::move(operation)) {}

  op::Operation& operation() const { return *operation_; }
  bool answered() const { return head_.has_value(); }
  bool streams() const { return streams_; }
  // The whole answer is read, or the operation has ended otherwise.
  bool over() const { return finished_ || operation_->ended(); }
  int status() const { return head_ ? head_->status : 0; }
  std::size_t bytes() const { return bytes_; }
  // 504 where the plugin has not answered within the route's time.
  bool too_late() const { return operation_->end_reason() == op::End::kDeadline; }

  // Takes nothing more of a streamed answer, so that the plugin's window fills.
  void stop_reading() { reading_ = false; }
  void read_on();
  // Sends as much of `body` as the plugin has credit for, in pieces; returns how much. `last` where it ends with it.
  std::size_t upload(std::string_view body, bool ends);
  // Goes away without a word.
  void leave() { operation_->finish(op::End::kClientGone); }
  // Takes what is there; called on every wake.
  void look();

 private:
  std::shared_ptr<op::Operation> operation_;
  std::optional<exchange::Response> head_;
  std::size_t bytes_ = 0;
  bool streams_ = false;
  bool finished_ = false;
  bool reading_ = true;
};

}  // namespace backplane::validate
