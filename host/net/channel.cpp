#include "net/channel.hpp"

#include <algorithm>
#include <utility>

#include "net/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
using limits::kIdleBytesMax;
using limits::kReceiveBytes;
using limits::kWriteTurnBytesMax;

Channel::Channel(asio::io_context& io, base::Readiness& readiness, base::UniqueFd socket,
                 const std::shared_ptr<const TlsContext>& tls)
    : io_(io), readiness_(readiness), transport_(std::move(socket), tls), signal_(io) {
  watched_ = readiness_.add(transport_.socket(), *this);
  gone_ = !watched_;
}

Channel::~Channel() {
  unwatch();
}

void Channel::close() {
  unwatch();
  transport_.close();
}

void Channel::unwatch() {
  if (std::exchange(watched_, false)) readiness_.remove(transport_.socket(), *this);
}

void Channel::hand_over(std::function<void()> give_up) {
  unwatch();
  give_up_ = std::move(give_up);
}

void Channel::interrupt() {
  signal_.notify();
  if (give_up_) std::exchange(give_up_, nullptr)();
}

void Channel::on_ready(bool readable, bool peer_ended) {
  maybe_readable_ = maybe_readable_ || readable;
  peer_ended_ = peer_ended_ || peer_ended;
  const auto keep = shared_from_this();  // what goes on now may drop the last reference
  signal_.notify_now();
}

// The clock is looked at every few steps: most turns have no more than one request, and need not pay for it.
bool Channel::turn_is_over() {
  constexpr int kStepsPerLook = 3;
  if (++turn_steps_ % kStepsPerLook != 0) return false;
  const auto now = std::chrono::steady_clock::now();
  if (turn_steps_ == kStepsPerLook) turn_began_ = now;
  return now - turn_began_ >= std::chrono::microseconds(limits::kTurnMicroseconds);
}

asio::awaitable<void> Channel::let_others_go_on() {
  co_await asio::post(io_, asio::use_awaitable);
  begin_turn();
}

asio::awaitable<bool> Channel::first_bytes() {
  while (open() && !maybe_readable_) {
    if (!signal_.take()) co_await signal_.wait();
  }
  begin_turn();
  co_return open();
}

asio::awaitable<bool> Channel::pause() {
  if (open() && !signal_.take()) co_await signal_.wait();
  co_return open();
}

asio::awaitable<bool> Channel::handshake() {
  if (!transport_.is_tls()) co_return true;
  while (open()) {
    const IoResult result = transport_.handshake();
    if (result.io == Io::kDone) {
      maybe_readable_ = true;  // the first request often comes with the last message of the handshake
      co_return true;
    }
    if (result.io != Io::kWantWrite && result.io != Io::kWantRead) {
      gone_ = true;
      break;
    }
    if (signal_.take()) continue;
    co_await signal_.wait();
    begin_turn();
  }
  co_return false;
}

asio::awaitable<bool> Channel::receive() {
  while (open()) {
    if (turn_is_over()) co_await let_others_go_on();
    if ((maybe_readable_ || transport_.has_pending()) && read_available()) co_return true;
    if (gone_) break;
    if (signal_.take()) continue;
    co_await signal_.wait();
    begin_turn();
  }
  co_return false;
}

asio::awaitable<bool> Channel::send(std::string_view bytes, std::int64_t stall_ms, std::int64_t now_ms) {
  set_stall(stall_ms, now_ms);
  std::size_t turn_bytes = 0;
  while (!bytes.empty() && open()) {
    const IoResult result = transport_.write(bytes);
    switch (result.io) {
      case Io::kDone:
        bytes.remove_prefix(result.bytes);
        turn_bytes += result.bytes;
        progressed();
        if (turn_bytes >= kWriteTurnBytesMax && !bytes.empty()) {
          turn_bytes = 0;
          co_await let_others_go_on();
        }
        break;
      case Io::kWantWrite:
      case Io::kWantRead:  // TLS wants a message of the peer first
        if (signal_.take()) break;
        co_await signal_.wait();
        begin_turn();
        break;
      case Io::kClosed:
      case Io::kFailed:
        gone_ = true;
        break;
    }
  }
  co_return bytes.empty();
}

asio::awaitable<bool> Channel::wait() {
  // A peer that keeps sending fills one buffer; then its end lies behind what nobody reads.
  const bool room = received().size() < kReceiveBytes;
  if (!room && peer_ended_) gone_ = true;
  if (room && (maybe_readable_ || transport_.has_pending()) && read_available()) co_return open();
  if (open() && !signal_.take()) {
    co_await signal_.wait();
    begin_turn();
  }
  if (open() && room && maybe_readable_) read_available();
  if (!room && peer_ended_) gone_ = true;
  co_return open();
}

void Channel::set_stall(std::int64_t stall_ms, std::int64_t now_ms) {
  now_ms_ = std::max(now_ms_, now_ms);
  deadline_ms_ = now_ms_ + stall_ms;
  stall_ms_ = stall_ms;
}

void Channel::check_deadline(std::int64_t now_ms) {
  now_ms_ = now_ms;
  if (now_ms - second_began_ms_ >= 1000) {
    second_began_ms_ = now_ms;
    transport_.forgive_records_without_data();
  }
  const auto is_over = [now_ms](std::int64_t at_ms) { return at_ms != 0 && now_ms >= at_ms; };
  if (!is_over(deadline_ms_) && !is_over(last_moment_ms_)) return;
  deadline_passed_ = true;
  interrupt();
}

bool Channel::forgive_deadline() {
  set_deadline(0);
  return std::exchange(deadline_passed_, false) && open();
}

void Channel::stop() {
  stopped_ = true;
  interrupt();
}

bool Channel::read_available() {
  if (used_ == input_.size()) {
    if (input_.capacity() > kIdleBytesMax) std::string().swap(input_);  // an assignment would keep the room
    input_.clear();
    used_ = 0;
  } else if (used_ > kReceiveBytes) {
    input_.erase(0, used_);
    used_ = 0;
  }
  // One buffer for all channels: an idle connection then holds only what it has received.
  static thread_local char buffer[kReceiveBytes];
  const IoResult result = transport_.read(buffer, sizeof buffer);
  if (result.io == Io::kDone) input_.append(buffer, result.bytes);
  if (transport_.drained() && !peer_ended_) maybe_readable_ = false;
  if (result.io == Io::kClosed || result.io == Io::kFailed) gone_ = true;
  return result.io == Io::kDone;
}

}  // namespace backplane::net
