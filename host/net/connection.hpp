// One client connection: a loop that reads a head, finds the route, asks who it is, opens an operation, and writes the
// answer. The place to start reading the daemon. I/O thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "http/body/body_reader.hpp"
#include "http/head_check.hpp"
#include "net/admission.hpp"
#include "net/answer_sender.hpp"
#include "net/body_delivery.hpp"
#include "net/channel.hpp"
#include "net/peer_limits.hpp"
#include "net/services.hpp"

namespace backplane::net {

class Connection {
 public:
  Connection(Services& services, PeerLimits& peers, std::shared_ptr<Channel> channel, exchange::Peer peer,
             std::shared_ptr<const ListenerPolicy> policy);

  // Serves requests until either side ends it.
  boost::asio::awaitable<void> run();

  // Between two requests, or before the first: ending it now loses nothing.
  bool idle() const { return idle_; }
  // Nobody works for it: it is idle, what it sends is not yet a request that may pass, or a stranger does not take his
  // answer.
  bool may_give_way() const { return phase_ == Phase::kArriving; }
  // Strangers before those that have shown who they are, then who has kept us waiting for longer.
  bool gives_way_before(const Connection& other) const {
    return known_ != other.known_ ? !known_ : idle_since_ms_ < other.idle_since_ms_;
  }
  const exchange::Peer& peer() const { return peer_; }
  Channel& channel() { return *channel_; }

 private:
  using GoesOn = boost::asio::awaitable<bool>;  // whether the connection can serve another request

  GoesOn handshake();
  GoesOn read_head();
  GoesOn serve();
  GoesOn refuse(exchange::Response response);
  GoesOn refuse_late();
  void expect_stranger_to_take_answer();
  boost::asio::awaitable<std::optional<exchange::Response>> read_whole_body(const http::Route& route);
  void on_operation_moved(const op::Operation& operation);
  GoesOn converse(const std::shared_ptr<const http::Route>& shared_route, op::Operation& operation);
  std::optional<exchange::Response> take_body(const http::Route& route, op::Operation& operation);
  GoesOn answer_ended(const http::Route& route, op::End end);
  GoesOn answer_whole(const std::shared_ptr<const http::Route>& route, op::Operation& operation);
  GoesOn drain_body();
  GoesOn linger();

  std::int64_t now_ms() const { return services_.clock.steady_ms(); }

  Services& services_;
  PeerLimits& peers_;
  const std::shared_ptr<Channel> channel_;
  const exchange::Peer peer_;
  const std::shared_ptr<const ListenerPolicy> policy_;
  AnswerSender sender_;

  // Of the request being served.
  std::shared_ptr<exchange::Request> request_;
  http::Head head_;
  http::BodyReader body_;
  std::unique_ptr<BodyDelivery> delivery_;  // where the body goes to the operation as it comes

  enum class Phase { kArriving, kServed };
  Phase phase_ = Phase::kArriving;
  bool idle_ = true;
  bool known_ = false;            // a request of it has passed with a principal
  std::int64_t idle_since_ms_;    // since when the present request is awaited
  std::int64_t body_due_ms_ = 0;  // of a body that goes to the operation as it comes
};

}  // namespace backplane::net
