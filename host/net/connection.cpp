#include "net/connection.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "http/body/forms.hpp"
#include "net/limits.hpp"
#include "net/refusals.hpp"
#include "net/websocket.hpp"

namespace backplane::net {

// No co_await stands behind && or || in net: GCC 12 makes code of it that traps.

namespace asio = boost::asio;
using base::Error;
using exchange::Response;
using op::End;
using Progress = op::Operation::Phase;

namespace {

// Ends an operation on every way out of its scope, a coroutine that is destroyed included.
class OperationGuard {
 public:
  explicit OperationGuard(op::Operation& operation) : operation_(operation) {}
  OperationGuard(const OperationGuard&) = delete;
  OperationGuard& operator=(const OperationGuard&) = delete;
  ~OperationGuard() {
    operation_.set_wake(nullptr);
    operation_.finish(End::kClientGone);
  }

 private:
  op::Operation& operation_;
};

}  // namespace

Connection::Connection(Services& services, PeerLimits& peers, std::shared_ptr<Channel> channel, exchange::Peer peer,
                       std::shared_ptr<const ListenerPolicy> policy)
    : services_(services),
      peers_(peers),
      channel_(std::move(channel)),
      peer_(std::move(peer)),
      policy_(std::move(policy)),
      sender_(services, *channel_),
      idle_since_ms_(services.clock.steady_ms()) {}

asio::awaitable<void> Connection::run() {
  channel_->set_deadline(now_ms() + limits::kHandshakeMs);
  bool goes_on = co_await handshake();
  if (goes_on) {
    while (goes_on) {
      goes_on = co_await read_head();
      if (goes_on) goes_on = co_await serve();
    }
  } else {
    ++services_.counters.handshakes_failed;
  }
  channel_->shut_down();
}

// A handshake begins once the client has sent something and it is its turn: a silent client takes nobody's.
Connection::GoesOn Connection::handshake() {
  if (!channel_->is_tls()) co_return true;
  bool goes_on = co_await channel_->first_bytes();
  if (!goes_on) co_return false;
  HandshakeTurn turn(peers_, peer_.address, [channel = channel_.get()] { channel->wake(); });
  if (!turn.came()) channel_->set_deadline(now_ms() + limits::kHandshakeTurnMs);
  while (goes_on && !turn.came()) goes_on = co_await channel_->pause();
  channel_->set_deadline(now_ms() + limits::kHandshakeMs);
  if (goes_on) goes_on = co_await channel_->handshake();
  co_return goes_on;
}

// Waits for the next request and reads its head. False: there is none, or it was refused.
Connection::GoesOn Connection::read_head() {
  if (request_.use_count() == 1) {
    request_->reset();
  } else {
    request_ = std::make_shared<exchange::Request>();  // somebody still looks at the last one, or there was none
  }
  request_->peer = peer_;
  sender_.start(*request_, false);
  body_ = http::BodyReader();
  phase_ = Phase::kArriving;
  idle_since_ms_ = now_ms();
  channel_->set_deadline(idle_since_ms_ + limits::kKeepAliveMs);
  channel_->set_last_moment(0);
  http::HeadEnd end;
  std::size_t resume = 0;
  bool started = false;
  if (channel_->turn_is_over()) co_await channel_->let_others_go_on();  // it may have sent many requests at once
  for (;;) {
    if (!channel_->received().empty()) {
      end = http::find_head_end(channel_->received(), resume);
      if (end.bytes != 0 || end.refusal) break;
      if (!std::exchange(started, true)) channel_->set_deadline(now_ms() + limits::kHeadMs);
    }
    if (services_.draining && !started) co_return false;
    idle_ = !started;
    const bool received = co_await channel_->receive();
    idle_ = false;
    if (!received && started) co_return co_await refuse_late();
    if (!received) co_return false;
  }

  request_->head.assign(channel_->received().substr(0, end.bytes));
  channel_->use(end.bytes);
  const http::Refusal refusal = end.refusal ? end.refusal : http::check_head(request_->head, request_->headers, head_);
  if (refusal) {
    ++services_.counters.heads_refused;
    request_->headers.clear();
    co_await sender_.send_whole(last_refusal(refusal.status, refusal.text));
    co_return co_await linger();
  }
  request_->method = head_.method;
  request_->target = head_.target;
  request_->minor_version = head_.minor_version;
  request_->client_address = services_.client_address.of(*request_);
  request_->trace = ++services_.counters.requests;
  sender_.start(*request_, head_.keep_alive);
  body_ = http::BodyReader(head_, limits::kBodyBeforeLoginBytesMax);
  co_return true;
}

Connection::GoesOn Connection::serve() {
  Admission admission = find_route(services_, *policy_, *request_);
  if (admission.refusal) co_return co_await refuse(std::move(*admission.refusal));
  const http::Route& route = *admission.route;
  if (auto refusal = co_await admit(services_, *channel_, route, request_))
    co_return co_await refuse(std::move(*refusal));
  known_ = known_ || request_->principal != nullptr;
  if (route.kind == http::RouteKind::kWebSocket) {
    if (auto refusal = refuse_upgrade(route, head_)) co_return co_await refuse(std::move(*refusal));
  }

  const bool streamed = route.body == http::BodyKind::kRaw || route.body == http::BodyKind::kParts;
  const bool whole_body = !streamed && !body_.finished();
  if (!whole_body) {
    if (const auto copy = services_.answers.find(route, *request_)) {
      expect_stranger_to_take_answer();
      const bool sent = co_await sender_.send_whole(*copy);
      co_return sent&& sender_.keeps_alive();
    }
  }

  // Open before its body comes: a session that ends meanwhile ends it too (S-13).
  const auto operation = std::make_shared<op::Operation>(request_, route.style, route.timeout_ms);
  services_.operations.open(operation);
  const OperationGuard guard(*operation);
  operation->set_wake([this, operation = operation.get()] { on_operation_moved(*operation); });
  // From here on a body is welcome: of up to the route's size after a login, of 4 KiB without one (S-25).
  if (route.body != http::BodyKind::kNone && route.scope != http::kPublicScope) body_.set_limit(route.body_bytes_max);
  if (std::exchange(head_.expect_continue, false)) {
    const bool sent = co_await sender_.send_continue();
    if (!sent) co_return false;
  }
  if (request_->principal) phase_ = Phase::kServed;  // a stranger may give way until his body has come
  if (whole_body) {
    auto refusal = co_await read_whole_body(route);
    if (const auto end = operation->end_reason()) co_return co_await answer_ended(route, *end);
    if (refusal) co_return co_await refuse(std::move(*refusal));
  }
  if (!channel_->open()) co_return false;
  phase_ = Phase::kServed;

  delivery_.reset();
  body_due_ms_ = 0;
  if (streamed) {
    auto delivery = BodyDelivery::make(body_, route, *request_, *operation);
    if (!delivery) co_return co_await refuse(body_refusal(route, Error::kInvalid, delivery.error().text));
    delivery_ = std::move(*delivery);
  } else {
    services_.operations.start_deadline(*operation);
  }
  services_.answers.call(admission.route, operation);
  const bool goes_on = co_await converse(admission.route, *operation);
  delivery_.reset();
  co_return goes_on;
}

// Answers without an operation: nobody was asked, or nobody can say more.
Connection::GoesOn Connection::refuse(Response response) {
  // The body of a refused request is read on, so that the client gets to see the answer; a long one only up to a bound.
  const bool bounded =
      head_.framing != http::Framing::kChunked && head_.body_bytes <= limits::kEarlyAnswerDrainBytesMax;
  if (!body_.finished() && (!bounded || head_.expect_continue)) response.close = true;
  expect_stranger_to_take_answer();
  if (!co_await sender_.send_whole(response)) co_return false;
  co_return co_await drain_body();
}

// Nobody works any more for a stranger whose answer is there: if he does not take it, a newcomer may have his place,
// and he has a bounded time for all of it.
void Connection::expect_stranger_to_take_answer() {
  if (request_->principal) return;
  phase_ = Phase::kArriving;
  idle_since_ms_ = now_ms();
  channel_->set_last_moment(idle_since_ms_ + limits::kStrangersAnswerMs);
}

// The client was too slow: says so and ends.
Connection::GoesOn Connection::refuse_late() {
  if (!channel_->forgive_deadline()) co_return false;
  co_await sender_.send_whole(last_refusal(408, "Request Timeout"));
  co_return co_await linger();
}

// Reads a body that the route gets whole, with its fields. Empty: it is there.
asio::awaitable<std::optional<Response>> Connection::read_whole_body(const http::Route& route) {
  channel_->set_deadline(now_ms() + limits::kBodyIdleMs);
  while (!body_.finished()) {
    if (channel_->turn_is_over()) co_await channel_->let_others_go_on();
    const http::BodyReader::Step step = body_.read(channel_->received());
    channel_->use(step.consumed);
    request_->body += step.data;
    if (step.refusal)
      co_return body_refusal(route, Error::kInvalid, std::string(step.refusal.text), step.refusal.status);
    if (step.consumed != 0 || body_.finished()) continue;
    if (!co_await channel_->receive()) {
      channel_->forgive_deadline();
      co_return last_refusal(408, "Request Timeout");
    }
    // Before a login the whole body has the time of one pause (S-25); after it, each piece.
    if (route.scope != http::kPublicScope) channel_->set_deadline(now_ms() + limits::kBodyIdleMs);
  }
  if (route.body == http::BodyKind::kFields) {
    const auto read = http::read_fields(request_->header("Content-Type"), request_->body, request_->fields);
    if (!read) co_return exchange::render_failure(route.style, {.error = Error::kInvalid, .text = read.error().text});
  }
  co_return std::nullopt;
}

// Where the host has ended an operation, a client that takes nothing must not keep it open (S-13).
void Connection::on_operation_moved(const op::Operation& operation) {
  if (operation.end_reason() == End::kRevoked) channel_->set_last_moment(now_ms() + limits::kFarewellMs);
  channel_->wake();
}

// Carries an operation to its end: the rest of its body in, its answer out, whichever can go on.
Connection::GoesOn Connection::converse(const std::shared_ptr<const http::Route>& shared_route,
                                        op::Operation& operation) {
  const http::Route& route = *shared_route;
  for (;;) {
    if (channel_->turn_is_over()) co_await channel_->let_others_go_on();
    if (auto refusal = take_body(route, operation)) {
      operation.finish(End::kOverrun);
      if (sender_.head_sent()) co_return false;
      co_return co_await refuse(std::move(*refusal));
    }
    if (const auto end = operation.end_reason()) co_return co_await answer_ended(route, *end);
    if (operation.phase() == Progress::kWhole) co_return co_await answer_whole(shared_route, operation);
    if (operation.phase() != Progress::kWaiting) {
      if (route.kind == http::RouteKind::kWebSocket) {
        sender_.record(101, 0);
        co_await run_websocket(services_, *channel_, operation);
        co_return false;
      }
      const Progress before = operation.phase();
      if (!co_await sender_.send_stream(operation)) co_return false;
      if (operation.ended() || operation.has_output() || operation.phase() != before) continue;
      channel_->set_deadline(body_due_ms_);
    }
    const bool woken = co_await channel_->wait();
    if (woken) continue;
    if (sender_.head_sent()) co_return false;
    co_return co_await refuse_late();
  }
}

// Delivers what has come of a streamed body, and says until when more of it must come. A response where it is
// malformed.
std::optional<Response> Connection::take_body(const http::Route& route, op::Operation& operation) {
  if (!delivery_ || delivery_->finished() || operation.phase() == Progress::kWhole || operation.ended()) {
    body_due_ms_ = 0;
  } else {
    const bool was_hungry = delivery_->hungry();
    const auto used = delivery_->deliver(channel_->received());
    if (!used) return body_refusal(route, used.error().code, used.error().text);
    channel_->use(*used);
    const bool hungry = delivery_->hungry();
    if (delivery_->finished()) {
      body_due_ms_ = 0;
      services_.operations.start_deadline(operation);
    } else if (body_due_ms_ == 0 || *used != 0 || hungry != was_hungry) {
      // Hungry: the client has to send. Not hungry: the plugin has to consume.
      body_due_ms_ = now_ms() + (hungry ? limits::kBodyIdleMs : limits::kStreamStallMs);
    }
  }
  channel_->set_deadline(body_due_ms_);
  return std::nullopt;
}

Connection::GoesOn Connection::answer_ended(const http::Route& route, End end) {
  if (sender_.head_sent() && end != End::kDone) co_return false;
  if (sender_.head_sent()) co_return co_await drain_body();
  const auto failure = failure_of(end);
  if (!failure) co_return false;
  co_return co_await refuse(exchange::render_failure(route.style, *failure));
}

Connection::GoesOn Connection::answer_whole(const std::shared_ptr<const http::Route>& route, op::Operation& operation) {
  Response response = operation.take_response();
  services_.answers.offer(route, *request_, response);
  expect_stranger_to_take_answer();
  const bool sent = co_await sender_.send_whole(response);
  operation.finish(sent ? End::kDone : End::kClientGone);
  if (!sent) co_return false;
  co_return co_await drain_body();
}

// After an answer: reads on to the end of a body that nobody wants, up to a bound, so that the next request can be
// found. False: the connection ends.
Connection::GoesOn Connection::drain_body() {
  std::size_t drained = 0;
  if (!body_.finished()) channel_->set_deadline(now_ms() + limits::kBodyIdleMs);
  while (!body_.finished()) {
    if (!sender_.keeps_alive() || drained > limits::kEarlyAnswerDrainBytesMax) co_return co_await linger();
    if (channel_->turn_is_over()) co_await channel_->let_others_go_on();
    const http::BodyReader::Step step = body_.read(channel_->received());
    channel_->use(step.consumed);
    drained += step.consumed;
    if (step.refusal) co_return co_await linger();
    if (body_.finished() || step.consumed != 0) continue;
    const bool received = co_await channel_->receive();
    if (!received) co_return false;
  }
  co_return sender_.keeps_alive();
}

// After a last answer to a client that may still be sending: ends our side, so that it sees the end, and takes its
// bytes for a while, so that they do not reset the connection before it has read the answer (RFC 9112 §9.6).
Connection::GoesOn Connection::linger() {
  channel_->shut_down();
  channel_->set_deadline(now_ms() + limits::kLingerMs);
  std::size_t taken = 0;
  while (taken <= limits::kEarlyAnswerDrainBytesMax) {
    const std::size_t size = channel_->received().size();
    taken += std::max(size, limits::kPieceCostBytes);
    channel_->use(size);
    const bool received = co_await channel_->receive();
    if (!received) break;
  }
  co_return false;
}

}  // namespace backplane::net
