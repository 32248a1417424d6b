#include "validate/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "op/limits.hpp"

namespace backplane::validate {

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  posted_->wake = base::UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, posted_->wake.get(), &event);
}

link::Executor EventLoop::executor() {
  return [posted = posted_](std::function<void()> job) {
    const std::lock_guard lock(posted->mutex);
    posted->jobs.push_back(std::move(job));
    ::eventfd_write(posted->wake.get(), 1);
  };
}

bool EventLoop::add(int descriptor, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = ++last_watcher_;
  watchers_.emplace(last_watcher_, &watcher);
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void EventLoop::remove(int descriptor, const Watcher& watcher) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
  std::erase_if(watchers_, [&watcher](const auto& one) { return one.second == &watcher; });
}

std::function<void()> EventLoop::take() {
  const std::lock_guard lock(posted_->mutex);
  if (posted_->jobs.empty()) return nullptr;
  auto job = std::move(posted_->jobs.front());
  posted_->jobs.pop_front();
  return job;
}

void EventLoop::wait(int timeout_ms) {
  std::array<epoll_event, 16> events{};
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto found = watchers_.find(event.data.u64);  // an earlier one may have removed it
    if (found == watchers_.end()) continue;
    found->second->on_ready((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0,
                            (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }
}

bool EventLoop::run_until(const std::function<bool()>& done, std::int64_t within_ms,
                          const std::function<void()>& tick) {
  const base::Clock& clock = base::system_clock();
  const std::int64_t until_ms = clock.steady_ms() + within_ms;
  std::int64_t tick_at_ms = clock.steady_ms() + op::limits::kTickMs;
  wait(0);
  while (!done()) {
    const std::int64_t now_ms = clock.steady_ms();
    if (now_ms >= tick_at_ms) {
      tick();
      tick_at_ms = now_ms + op::limits::kTickMs;
      continue;
    }
    if (now_ms >= until_ms) return false;
    const auto job = take();
    if (job) job();
    wait(job ? 0 : static_cast<int>(std::min(tick_at_ms, until_ms) - now_ms));
  }
  return true;
}

}  // namespace backplane::validate
