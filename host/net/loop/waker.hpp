// Wakes one waiting coroutine. A wake that comes while nobody waits is kept, several merge into one. I/O thread only.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "net/loop/wakes.hpp"

namespace backplane::net {

class Waker {
 public:
  explicit Waker(boost::asio::io_context& io) : io_(io), wakes_(Wakes::of(io)) {}

  // Goes on after notify() was called, at once where it was called since the last wait. No coroutine itself: that would
  // cost every wait a frame.
  auto wait() {
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        [this](auto handler) {
          if (std::exchange(notified_, false)) {
            boost::asio::post(io_, std::move(handler));
          } else {
            waiter_ = std::make_unique<Waiter<decltype(handler)>>(std::move(handler));
          }
        },
        boost::asio::use_awaitable);
  }
  // Whether notify() was called since the last wait; forgets it. A wait that need not wait.
  bool take() { return std::exchange(notified_, false); }

  // The waiter goes on in a turn of its own: safe to call from anywhere on the I/O thread.
  void notify() {
    if (!waiter_) {
      notified_ = true;
      return;
    }
    wakes_.add(std::move(waiter_));
  }

  // The waiter goes on inside this call. Only for completion handlers, which have nothing left to do after it.
  void notify_now() {
    if (!waiter_) {
      notified_ = true;
      return;
    }
    std::exchange(waiter_, nullptr)->resume();
  }

 private:
  template <class Handler>
  struct Waiter final : Wakes::Waiter {
    explicit Waiter(Handler handler) : handler_(std::move(handler)) {}
    void resume() override {
      auto handler = std::move(handler_);
      std::move(handler)();
    }
    Handler handler_;
  };

  boost::asio::io_context& io_;
  Wakes& wakes_;
  std::unique_ptr<Wakes::Waiter> waiter_;
  bool notified_ = false;
};

}  // namespace backplane::net
