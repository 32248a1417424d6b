// Moves bytes over one transport for a coroutine: waits for readiness, keeps what was received and not yet used, and
// watches one deadline. I/O thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/readiness.hpp"
#include "net/loop/waker.hpp"
#include "net/transport.hpp"

namespace backplane::net {

class Channel final : public base::Readiness::Watcher, public std::enable_shared_from_this<Channel> {
 public:
  Channel(boost::asio::io_context& io, base::Readiness& readiness, base::UniqueFd socket,
          const std::shared_ptr<const TlsContext>& tls);
  ~Channel() override;

  bool is_tls() const { return transport_.is_tls(); }
  Transport& transport() { return transport_; }

  // Received and not yet used, oldest first.
  std::string_view received() const { return std::string_view(input_).substr(used_); }
  void use(std::size_t bytes) { used_ += bytes; }

  // A peer that sends faster than we work would hold the thread for ever: after its turn others go on first.
  bool turn_is_over();
  boost::asio::awaitable<void> let_others_go_on();

  // Waits until the peer has sent something. False as for receive.
  boost::asio::awaitable<bool> first_bytes();
  // Waits for wake(), whatever is received. False as for receive.
  boost::asio::awaitable<bool> pause();
  // True once the TLS handshake is done (at once without TLS).
  boost::asio::awaitable<bool> handshake();
  // Receives something more. False: the peer has gone, the deadline passed, or the channel was stopped.
  boost::asio::awaitable<bool> receive();
  // Sends all of it, at most kWriteTurnBytesMax a turn. False as for receive. The deadline moves on with each piece
  // that the peer takes, by `stall_ms`.
  boost::asio::awaitable<bool> send(std::string_view bytes, std::int64_t stall_ms, std::int64_t now_ms);
  // Waits for wake() or for something to be received, and notices a peer that goes away. False as for receive.
  boost::asio::awaitable<bool> wait();
  void wake() { signal_.notify(); }

  // The steady clock's milliseconds at which the present wait gives up; 0: never.
  void set_deadline(std::int64_t at_ms) {
    deadline_ms_ = at_ms;
    stall_ms_ = 0;
  }
  // A deadline that moves on by `stall_ms` with each call of progressed().
  void set_stall(std::int64_t stall_ms, std::int64_t now_ms);
  void progressed() {
    if (stall_ms_ != 0) deadline_ms_ = now_ms_ + stall_ms_;
  }
  // As a deadline, but no progress moves it: the host has ended what goes on here. 0: there is no such end.
  void set_last_moment(std::int64_t at_ms) { last_moment_ms_ = at_ms; }
  // Gives up the present wait where its deadline has passed.
  void check_deadline(std::int64_t now_ms);
  // Where the deadline has passed: makes the channel open again, so that an answer can say so. False: it was not that.
  bool forgive_deadline();
  // Every wait from now on gives up.
  void stop();
  bool open() const { return !gone_ && !stopped_ && !deadline_passed_; }

  void shut_down() { transport_.shut_down(); }
  void close();
  // From now on somebody else waits for the socket's readiness, and `give_up` is called where a wait would give up.
  void hand_over(std::function<void()> give_up);

  void on_ready(bool readable, bool peer_ended) override;

 private:
  // A wait is over, and a turn begins.
  void begin_turn() { turn_steps_ = 0; }
  // Takes in what has arrived. False: nothing had.
  bool read_available();
  void unwatch();
  void interrupt();

  boost::asio::io_context& io_;
  base::Readiness& readiness_;
  Transport transport_;
  Waker signal_;
  std::string input_;
  std::size_t used_ = 0;
  std::function<void()> give_up_;                     // set: somebody else uses the transport
  std::chrono::steady_clock::time_point turn_began_;  // known from the first look at the clock
  int turn_steps_ = 0;
  std::int64_t deadline_ms_ = 0;
  std::int64_t stall_ms_ = 0;
  std::int64_t last_moment_ms_ = 0;
  std::int64_t now_ms_ = 0;  // of the last tick: near enough for moving a stall deadline
  std::int64_t second_began_ms_ = 0;
  bool watched_ = false;
  bool maybe_readable_ = false;
  bool peer_ended_ = false;  // its end stands behind what it has sent
  bool gone_ = false;
  bool stopped_ = false;
  bool deadline_passed_ = false;
};

}  // namespace backplane::net
