#include "link/op_bridge.hpp"

#include <deque>
#include <utility>
#include <vector>

#include "link/limits.hpp"
#include "link/plugin_side/op_states.hpp"
#include "link/wire/message_rules.hpp"
#include "op/limits.hpp"

namespace backplane::link {

// One operation that the plugin has.
class OpBridge::Delivery final : public op::Answerer {
 public:
  Delivery(OpBridge& bridge, std::shared_ptr<op::Operation> operation, const Target& target)
      : bridge_(bridge), operation_(std::move(operation)), number_(operation_->number()), target_(target) {}

  void on_part(const op::PartHead& part) override {
    if (!bridge_.link_.deliver({Code::kPart, number_, Part{part}})) overrun();
  }
  void on_data(op::DataKind kind, std::string_view bytes, bool last) override {
    if (overrun_) return;
    if (!bridge_.link_.deliver({Code::kData, number_, Data{kind, std::string(bytes), last}})) overrun();
  }
  void on_sent(std::size_t bytes) override;
  void on_end(op::End reason) override {
    bridge_.link_.deliver({Code::kEnded, number_, Reason{overrun_ ? op::End::kOverrun : reason}});
    bridge_.closed(*this);  // may destroy this
  }

  void write(Data& data);
  // A limit is broken: the client hears 503 if it has heard nothing yet, the plugin OVERRUN.
  void overrun();

  op::Operation& operation() { return *operation_; }
  // Kept by whoever calls something that may end the operation.
  std::shared_ptr<op::Operation> shared_operation() const { return operation_; }
  op::Number number() const { return number_; }
  const Target& target() const { return target_; }
  bool unanswered = true;
  bool stream = false;
  bool attached = false;
  bool finishing = false;  // the plugin has called end: it needs no more credit

 private:
  OpBridge& bridge_;
  std::shared_ptr<op::Operation> operation_;
  const op::Number number_;
  const Target target_;
  bool overrun_ = false;
  std::deque<std::uint32_t> pieces_;  // bytes of each piece that has not left for the client
  std::size_t front_sent_ = 0;        // of the first of them
  std::size_t under_way_ = 0;         // charged for all of them
  std::size_t credit_ = 0;            // free again, and not yet told to the plugin
};

void OpBridge::Delivery::write(Data& data) {
  // Messages may be empty, and an empty piece of a body would end it for the client before its end.
  if ((data.kind != op::DataKind::kBytes) != target_.websocket) return overrun();
  const auto status = operation_->write(data.kind, data.bytes);
  if (status == base::Error::kGone) return;
  if (status) return overrun();  // the plugin's side of a link never lets that through
  pieces_.push_back(static_cast<std::uint32_t>(data.bytes.size()));
  under_way_ += OpStates::charge(data.bytes.size());
}

void OpBridge::Delivery::on_sent(std::size_t bytes) {
  while (!pieces_.empty() && bytes >= pieces_.front() - front_sent_) {
    bytes -= pieces_.front() - front_sent_;
    front_sent_ = 0;
    const std::size_t charged = OpStates::charge(pieces_.front());
    pieces_.pop_front();
    under_way_ -= charged;
    credit_ += charged;
  }
  if (!pieces_.empty()) front_sent_ += bytes;
  if (finishing) return;
  if (credit_ >= op::limits::kStreamWindowBytes / 4 || (under_way_ == 0 && credit_ != 0)) {
    bridge_.link_.deliver({Code::kSent, number_, Count{std::exchange(credit_, 0)}});
  }
}

void OpBridge::Delivery::overrun() {
  if (overrun_) return;
  overrun_ = true;
  ++bridge_.counts_.overruns;
  const auto operation = operation_;
  if (operation->phase() == op::Operation::Phase::kWaiting) {
    bridge_.answered(*this, false);
    operation->fail({.error = base::Error::kUnavailable, .retry_after_s = limits::kPluginRetryAfterS});
  } else {
    operation->finish(op::End::kOverrun);
  }
}

OpBridge::~OpBridge() {
  end_all(op::End::kStopping);
}

bool OpBridge::open(const std::shared_ptr<op::Operation>& operation, const Target& target) {
  const bool room =
      unanswered_ < limits::kOperationsPerPluginMax && (!target.websocket || streams_ < limits::kStreamsPerPluginMax);
  if (!room || !link_.deliver({Code::kRequest, operation->number(),
                               Request{target.route, operation->timeout_ms(), operation->shared_request()}})) {
    ++counts_.refused;
    return false;
  }
  ++counts_.requests;
  ++unanswered_;
  auto delivery = std::make_shared<Delivery>(*this, operation, target);
  deliveries_.emplace(operation->number(), delivery);
  operation->set_answerer(std::move(delivery));
  return true;
}

void OpBridge::answered(Delivery& delivery, bool as_stream) {
  if (delivery.unanswered) --unanswered_;
  delivery.unanswered = false;
  if (as_stream && !delivery.stream) {
    delivery.stream = true;
    ++streams_;
  }
}

void OpBridge::closed(const Delivery& delivery) {
  if (delivery.unanswered) --unanswered_;
  if (delivery.stream) --streams_;
  if (delivery.attached) --attached_;
  deliveries_.erase(delivery.number());
}

void OpBridge::handle(Message& message) {
  const auto found = deliveries_.find(message.id);
  if (found == deliveries_.end()) return;
  const std::shared_ptr<Delivery> delivery = found->second;
  const std::shared_ptr<op::Operation> operation = delivery->shared_operation();
  switch (message.code) {
    case Code::kRespond: {
      auto& response = std::get<exchange::Response>(message.payload);
      if (!delivery->target().safe || response.status != 200) response.fresh_ms = 0;
      answered(*delivery, false);
      operation->respond(std::move(response));
      return;
    }
    case Code::kFail: {
      auto& failure = std::get<Failure>(message.payload);
      answered(*delivery, false);
      operation->fail({.text = std::move(failure.text),
                       .kvmd_class = std::move(failure.error_class),
                       .retry_after_s = failure.retry_after_s,
                       .status = failure.status});
      return;
    }
    case Code::kBegin: {
      auto& head = std::get<exchange::Response>(message.payload);
      // The plugin's side of a link answers for both; in a process of its own nobody vouches for that side.
      if (streams_ >= limits::kStreamsPerPluginMax || !valid_answer_head(head, delivery->target().websocket)) {
        return delivery->overrun();
      }
      answered(*delivery, true);
      operation->begin(std::move(head));
      return;
    }
    case Code::kWrite:
      return delivery->write(std::get<Data>(message.payload));
    case Code::kEnd: {
      auto& close = std::get<Close>(message.payload);
      delivery->finishing = true;
      operation->end(close.code, close.reason);
      return;
    }
    case Code::kConsume:
      operation->consume(std::get<Count>(message.payload).count);
      return;
    default:
      return;
  }
}

bool OpBridge::attach(op::Number number, feed::Feed* feed, feed::Framing framing) {
  const auto found = deliveries_.find(number);
  if (found == deliveries_.end()) return false;
  const std::shared_ptr<Delivery> delivery = found->second;
  const std::shared_ptr<op::Operation> operation = delivery->shared_operation();
  if (feed == nullptr) {
    operation->finish(op::End::kStopping);
    return false;
  }
  const bool messages = framing.kind != op::DataKind::kBytes;
  auto reader = std::make_shared<feed::AttachedReader>(*operation, std::move(framing));
  if (messages != delivery->target().websocket || operation->attach(reader)) {
    delivery->overrun();
    return false;
  }
  if (operation->ended()) return false;  // its client has looked at once, and gone
  if (delivery->stream) --streams_;
  delivery->stream = false;
  delivery->attached = true;
  ++attached_;
  reader->join(*feed, feed::Reader::From::kNext);
  return true;
}

void OpBridge::release_attached() {
  std::vector<std::shared_ptr<Delivery>> attached;
  for (const auto& [number, delivery] : deliveries_) {
    if (delivery->attached) attached.push_back(delivery);
  }
  for (const auto& delivery : attached) {
    delivery->operation().set_answerer(nullptr);
    delivery->on_end(op::End::kStopping);
  }
}

std::vector<std::shared_ptr<op::Operation>> OpBridge::open_operations() const {
  std::vector<std::shared_ptr<op::Operation>> open;
  open.reserve(deliveries_.size());
  for (const auto& [number, delivery] : deliveries_) open.push_back(delivery->shared_operation());
  return open;
}

void OpBridge::end_all(op::End reason) {
  for (const auto& operation : open_operations()) operation->finish(reason);
}

void OpBridge::fail_all(const exchange::Failure& failure) {
  const auto open = open_operations();
  deliveries_.clear();
  unanswered_ = 0;
  streams_ = 0;
  attached_ = 0;
  for (const auto& operation : open) {
    operation->set_answerer(nullptr);
    // An answer that is complete still goes out.
    if (operation->phase() == op::Operation::Phase::kWaiting) operation->fail(failure);
    if (operation->phase() == op::Operation::Phase::kStreaming && !operation->attached())
      operation->finish(op::End::kStopping);
  }
}

}  // namespace backplane::link
