// The life of one operation: a request that somebody must answer. It has a number, a deadline, credit in both
// directions and exactly one end. On one side stands who answers (a host route or a link), on the other the connection.
// I/O thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "exchange/error_style.hpp"
#include "exchange/request.hpp"
#include "exchange/response.hpp"

namespace backplane::op {

using Number = std::uint64_t;

enum class End { kDone, kClientGone, kDeadline, kRevoked, kStopping, kOverrun };
std::string_view end_name(End end);

enum class DataKind { kBytes, kText, kBinary };

// A piece on its way to the client: bytes of its own, or shared ones with what stands around them.
struct Data {
  DataKind kind = DataKind::kBytes;
  std::string bytes;
  // What an attached source sends to many. `before` and `after` are the source's, so they are good until the operation
  // does anything else.
  std::string_view before = {};
  std::shared_ptr<const std::string> shared = {};
  std::string_view after = {};

  std::size_t size() const { return bytes.size() + before.size() + (shared ? shared->size() : 0) + after.size(); }
  void append_to(std::string& out) const;
  // All of it in one string, which is its own bytes if nothing is shared.
  std::string join() &&;
};

struct PartHead {
  std::string name;
  std::optional<std::string> filename;
  std::string content_type;
};

// What the answering side hears about an operation after its handler was called. The default does nothing, which is
// right for a route that answers at once.
class Answerer {
 public:
  virtual ~Answerer() = default;
  virtual void on_part(const PartHead&) {}
  virtual void on_data(DataKind, std::string_view, bool /*last*/) {}
  virtual void on_writable() {}
  virtual void on_sent(std::size_t /*bytes*/) {}  // as Operation::sent: for one who keeps the credit elsewhere
  virtual void on_end(End) {}
};

// Where the rest of an answer comes from, once its answerer has handed the operation over.
class Source {
 public:
  virtual ~Source() = default;
  virtual bool ready() const = 0;
  // The next piece; nothing where there is none now: then Operation::source_ready follows.
  virtual std::optional<Data> take() = 0;
};

class Operation {
 public:
  Operation(std::shared_ptr<const exchange::Request> request, exchange::ErrorStyle style, std::int64_t timeout_ms);
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  const exchange::Request& request() const { return *request_; }
  const std::shared_ptr<const exchange::Request>& shared_request() const { return request_; }
  exchange::ErrorStyle style() const { return style_; }
  Number number() const { return number_; }
  std::int64_t timeout_ms() const { return timeout_ms_; }
  bool ended() const { return ended_; }

  // --- The answering side. kGone after the end; kInvalid for a call in the wrong order; ok otherwise. ---

  using Status = std::optional<base::Error>;  // empty: accepted

  // Who hears of data and of the end. Set it while the handler runs, or not at all. Null: nobody any more; what was
  // received counts as consumed.
  void set_answerer(std::shared_ptr<Answerer> answerer);

  // Answers whole.
  Status respond(exchange::Response response);
  // Answers with a failure in the route's own style.
  Status fail(const exchange::Failure& failure);
  // Starts a streamed answer, or accepts a WebSocket.
  Status begin(exchange::Response head);
  // Queues a piece. kAgain: the window is spent and on_writable follows; kLimit: larger than the window.
  Status write(DataKind kind, std::string_view bytes);
  // Hands a begun answer over: what follows comes from the source, and write is kInvalid from now on.
  Status attach(std::shared_ptr<Source> source);
  bool attached() const { return source_ != nullptr; }
  // The source has something again.
  void source_ready() { wake(); }
  // Ends a streamed answer; what a source still holds is left out. Code and reason are a WebSocket's close frame.
  Status end(std::uint16_t code = 0, std::string_view reason = {});
  // Gives received bytes back to the sender's window.
  Status consume(std::size_t count);
  // For a request that ends the session it came with (logout, a new password): its answer still goes out. Who revokes
  // the operations of a session leaves out those that outlive it.
  void outlive_session() { outlives_session_ = true; }
  bool outlives_session() const { return outlives_session_; }

  // --- The connection's side. ---

  enum class Phase { kWaiting, kWhole, kStreaming, kEnding };  // kEnding: end() was called, output may remain
  Phase phase() const { return phase_; }

  // Called whenever the answering side did something that the connection should look at. It may be called from within
  // the handler.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  // The answer's head: whole in kWhole, without a body in kStreaming and kEnding. Take it once.
  exchange::Response take_response() { return std::move(response_); }
  std::optional<Data> take_output();
  bool has_output() const { return !output_.empty() || (source_ && source_->ready()); }
  // So many bytes of output have left for the client: their credit is free again.
  void sent(std::size_t bytes);
  std::uint16_t close_code() const { return close_code_; }
  const std::string& close_reason() const { return close_reason_; }

  // How many more body bytes may be delivered now.
  std::size_t receive_credit() const;
  void deliver_part(const PartHead& part);
  void deliver(DataKind kind, std::string_view bytes, bool last);

  // Ends the operation: on_end is called, once; later calls do nothing. The connection calls it with kDone after the
  // last byte was written. Where the reason is not kDone the connection is woken, so that it can close.
  void finish(End reason);
  std::optional<End> end_reason() const { return ended_ ? std::optional<End>(end_reason_) : std::nullopt; }

 private:
  friend class OpTable;
  void wake() {
    if (wake_) wake_();
  }

  std::shared_ptr<const exchange::Request> request_;
  exchange::ErrorStyle style_;
  std::int64_t timeout_ms_;
  Number number_ = 0;
  std::int64_t deadline_ms_ = 0;           // steady clock; 0: none is set
  std::function<void(Operation&)> close_;  // the table's: gives the number back

  std::shared_ptr<Answerer> answerer_;
  std::function<void()> wake_;
  Phase phase_ = Phase::kWaiting;
  exchange::Response response_;
  std::deque<Data> output_;
  std::shared_ptr<Source> source_;  // what comes after output_
  std::size_t output_bytes_ = 0;    // queued or taken but not yet sent
  std::size_t input_bytes_ = 0;     // delivered but not yet consumed
  bool moved_ = true;               // something was sent, or began, since the table last looked
  bool writer_waits_ = false;
  bool ended_ = false;
  bool outlives_session_ = false;
  End end_reason_ = End::kDone;
  std::uint16_t close_code_ = 0;
  std::string close_reason_;
};

}  // namespace backplane::op
