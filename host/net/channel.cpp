#include "net/channel.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"

namespace backplane::net {

namespace asio = boost::asio;
using base::limits::kReceiveBytes;
using base::limits::kWriteTurnBytesMax;

Channel::Channel(asio::io_context& io, Socket socket, const std::shared_ptr<const TlsContext>& tls)
    : io_(io), transport_(std::move(socket), tls), signal_(io) {}

asio::awaitable<bool> Channel::handshake() {
  if (!transport_.is_tls()) co_return true;
  while (open()) {
    const IoResult result = transport_.handshake();
    if (result.io == Io::kDone) {
      maybe_readable_ = true;  // the first request often comes with the last message of the handshake
      co_return true;
    }
    if (result.io == Io::kWantWrite) {
      watch_writable();
    } else if (result.io == Io::kWantRead) {
      watch_readable();
    } else {
      gone_ = true;
      break;
    }
    co_await signal_.wait();
  }
  co_return false;
}

asio::awaitable<bool> Channel::receive() {
  while (open()) {
    if ((maybe_readable_ || transport_.has_pending()) && read_available()) co_return true;
    if (gone_) break;
    watch_readable();
    co_await signal_.wait();
  }
  co_return false;
}

asio::awaitable<bool> Channel::send(std::string_view bytes, std::int64_t stall_ms, std::int64_t now_ms) {
  now_ms_ = std::max(now_ms_, now_ms);
  deadline_ms_ = now_ms_ + stall_ms;
  std::size_t turn_bytes = 0;
  while (!bytes.empty() && open()) {
    const IoResult result = transport_.write(bytes);
    switch (result.io) {
      case Io::kDone:
        bytes.remove_prefix(result.bytes);
        turn_bytes += result.bytes;
        deadline_ms_ = now_ms_ + stall_ms;
        if (turn_bytes >= kWriteTurnBytesMax && !bytes.empty()) {
          turn_bytes = 0;
          co_await asio::post(io_, asio::use_awaitable);
        }
        break;
      case Io::kWantWrite:
        watch_writable();
        co_await signal_.wait();
        break;
      case Io::kWantRead:  // TLS wants a message of the peer first
        watch_readable();
        co_await signal_.wait();
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
  // A peer that keeps sending fills one buffer; after that only its leaving goes unnoticed, until the answer is out.
  const bool room = received().size() < kReceiveBytes;
  if (room && (maybe_readable_ || transport_.has_pending()) && read_available()) co_return open();
  if (room && !gone_) watch_readable();
  if (open()) co_await signal_.wait();
  if (open() && room && maybe_readable_) read_available();
  co_return open();
}

void Channel::check_deadline(std::int64_t now_ms) {
  now_ms_ = now_ms;
  if (deadline_ms_ == 0 || now_ms < deadline_ms_) return;
  deadline_passed_ = true;
  signal_.notify();
}

bool Channel::forgive_deadline() {
  deadline_ms_ = 0;
  return std::exchange(deadline_passed_, false) && open();
}

void Channel::stop() {
  stopped_ = true;
  signal_.notify();
}

void Channel::watch_readable() {
  if (watching_readable_) return;
  watching_readable_ = true;
  transport_.socket().async_wait(Socket::wait_read,
                                 [self = shared_from_this()](const boost::system::error_code& error) {
                                   self->watching_readable_ = false;
                                   if (error) self->gone_ = true;
                                   self->maybe_readable_ = true;
                                   self->signal_.notify_now();
                                 });
}

void Channel::watch_writable() {
  if (watching_writable_) return;
  watching_writable_ = true;
  transport_.socket().async_wait(Socket::wait_write,
                                 [self = shared_from_this()](const boost::system::error_code& error) {
                                   self->watching_writable_ = false;
                                   if (error) self->gone_ = true;
                                   self->signal_.notify_now();
                                 });
}

bool Channel::read_available() {
  if (used_ == input_.size()) {
    input_.clear();
    used_ = 0;
  } else if (used_ > kReceiveBytes) {
    input_.erase(0, used_);
    used_ = 0;
  }
  const std::size_t before = input_.size();
  input_.resize(before + kReceiveBytes);
  const IoResult result = transport_.read(input_.data() + before, kReceiveBytes);
  input_.resize(before + (result.io == Io::kDone ? result.bytes : 0));
  // A short read has emptied the socket; the next wait is told if it has not.
  if (result.io != Io::kDone || result.bytes < kReceiveBytes) maybe_readable_ = false;
  if (result.io == Io::kClosed || result.io == Io::kFailed) gone_ = true;
  if (result.io == Io::kWantWrite) watch_writable();
  return result.io == Io::kDone;
}

}  // namespace backplane::net
