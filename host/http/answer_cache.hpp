// Fresh copies and single flight (plugin-abi.md "fresh_ms"): alike requests are answered from a copy while it is fresh,
// and while a call is under way they wait for its answer in place of making their own. So 200 pollers cost one call.
// I/O thread only, no locks.
//
// Only GET routes that are safe, have no body and are no WebSocket take part, and of them only those that have answered
// once with fresh_ms > 0: until then each request is its own call. "Alike" is route, path, query as sent, and role.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "exchange/request.hpp"
#include "exchange/response.hpp"
#include "http/answer_copies.hpp"
#include "http/route.hpp"
#include "op/op_table.hpp"
#include "op/operation.hpp"

namespace backplane::http {

class AnswerCache {
 public:
  // Runs a function soon, on the I/O thread, but not within post().
  using Post = std::function<void(std::function<void()>)>;

  // Clock and table must outlive the cache.
  AnswerCache(const base::Clock& clock, op::OpTable& operations, Post post);
  ~AnswerCache();
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  // A fresh copy for this request (GET or HEAD), or null. No operation is needed to send it, and no memory to find it.
  std::shared_ptr<const exchange::Response> find(const Route& route, const exchange::Request& request);

  // Gets the operation answered: calls the route's handler with it, or lets it wait for a call that is under way.
  // A call for others has an operation of its own in the table, with the first client's request and the route's
  // timeout; it goes on when that client leaves, and ends with CLIENT_GONE when all have left.
  //   answered with fresh_ms > 0     every one that waits gets the answer, whatever its status
  //   a 5xx, the deadline, stopping  every one gets that too: calling again would only repeat it
  //   any other answer, a stream     the first client gets its answer; for the others the handler is called
  //   the first session was revoked  the others start again
  void call(const std::shared_ptr<const Route>& route, const std::shared_ptr<op::Operation>& operation);

  // To be told of each whole answer that came out of an operation given to call(): keeps a copy where it may. The body
  // then moves to shared_body. Answers that came from the cache itself are known again and left alone. An answer that
  // sets a cookie is never shared.
  void offer(const std::shared_ptr<const Route>& route, const exchange::Request& request, exchange::Response& response);

  // Forgets the answers of an owner whose routes change or end.
  void forget_owner(std::string_view owner);

  const AnswerCopies& copies() const { return copies_; }
  std::size_t flights() const { return flights_.size(); }

 private:
  struct Flight;
  class Waiter;
  class Relay;

  void start(const std::shared_ptr<const Route>& route, const std::shared_ptr<op::Operation>& operation);
  void join(const std::shared_ptr<Flight>& flight, const std::shared_ptr<op::Operation>& operation);
  void land(const std::shared_ptr<Flight>& flight);
  void call_each(Flight& flight);
  void end_flight(Flight& flight);
  void keep(const std::shared_ptr<const Route>& route, const exchange::Request& request, exchange::Response& response);

  const base::Clock& clock_;
  op::OpTable& operations_;
  const Post post_;
  AnswerCopies copies_;
  std::set<std::shared_ptr<const Route>> joining_;  // routes whose last answer was a fresh one
  std::unordered_map<AnswerKey, std::shared_ptr<Flight>, AnswerKeyHash>
      flights_;  // keys look into the flight's request
};

}  // namespace backplane::http
