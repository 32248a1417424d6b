#include "net/loop/epoll.hpp"

#include <sys/epoll.h>

#include <new>

#include "base/check.hpp"

namespace backplane::net {
namespace {

constexpr std::size_t kBatch = 64;  // descriptors told of in one turn; the others come in the next

}  // namespace

Epoll::Epoll(boost::asio::io_context& io) : epoll_(io, ::epoll_create1(EPOLL_CLOEXEC)) {
  wait();
}

bool Epoll::add(int descriptor, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watcher;
  return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Epoll::remove(int descriptor, const Watcher& watcher) {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
  for (std::size_t i = 0; i < batch_left_; ++i) {
    if (batch_[i].data.ptr == &watcher) batch_[i].data.ptr = nullptr;
  }
}

void Epoll::wait() {
  epoll_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                    within(memory_, [this](const boost::system::error_code& error) {
                      if (error) return;
                      dispatch();
                      wait();
                    }));
}

void Epoll::dispatch() {
  BP_CHECK(batch_ == nullptr);
  epoll_event events[kBatch];
  const int count = ::epoll_wait(epoll_.native_handle(), events, kBatch, 0);
  for (int i = 0; i < count; ++i) {
    batch_ = events + i + 1;
    batch_left_ = static_cast<std::size_t>(count - i - 1);
    auto* watcher = static_cast<Watcher*>(events[i].data.ptr);
    if (watcher == nullptr) continue;
    const std::uint32_t ready = events[i].events;
    try {
      watcher->on_ready((ready & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0,
                        (ready & (EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0);
    } catch (const std::bad_alloc&) {
      // It has no memory to go on. What the others are told of would not be told again.
    }
  }
  batch_ = nullptr;
  batch_left_ = 0;
}

}  // namespace backplane::net
