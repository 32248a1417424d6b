#include "link/plugin_side/plugin_loop.hpp"

#include <backplane/ext/loop.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "link/limits.hpp"

namespace backplane::link {
namespace {

constexpr std::uint64_t kWakeNumber = 0;  // in epoll's data; watches count from 1
constexpr std::uint64_t kLinkNumber = ~std::uint64_t{0};
constexpr std::size_t kPostsPerTurn = 64;  // a plugin that posts from on_post must not keep the others waiting

}  // namespace

PluginLoop::PluginLoop(const std::string& name, const base::Clock& clock, LoopEvents& events)
    : clock_(clock),
      events_(events),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      pool_(name + "-work", [this](bp_cookie cookie) {
        {
          std::lock_guard lock(mutex_);
          blocking_done_.push_back(cookie);
        }
        wake();
      }) {
  BP_CHECK(epoll_ && wake_fd_);
  // Edge-triggered: each write is one event, and the counter never needs to be read back.
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.u64 = kWakeNumber}};
  BP_CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_fd_.get(), &event) == 0);
}

void PluginLoop::wake_by(int descriptor) {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.u64 = kLinkNumber}};
  BP_CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0);
}

void PluginLoop::wake() {
  if (!asleep_.exchange(false)) return;
  const std::uint64_t one = 1;
  // The write fails only if 2^64 wakes are waiting; then it is awake.
  [[maybe_unused]] const auto written = ::write(wake_fd_.get(), &one, sizeof one);
}

void PluginLoop::run() {
  thread_ = std::this_thread::get_id();
  while (!quit_) {
    bool worked = events_.take_messages();
    worked = run_posts() || worked;
    if (quit_) break;
    run_timers();
    if (quit_) break;
    events_.on_turn_over();
    int timeout_ms = 0;
    if (!worked) {
      asleep_ = true;
      // What came before asleep_ was set woke nobody, so look once more.
      if (anything_waits()) {
        asleep_ = false;
      } else {
        timeout_ms = sleep_ms();
      }
    }
    if (timeout_ms != 0 || !watches_.empty()) run_watches(timeout_ms);
    asleep_ = false;
  }
}

bool PluginLoop::anything_waits() const {
  if (events_.has_messages()) return true;
  std::lock_guard lock(mutex_);
  return !posts_.empty() || !blocking_done_.empty();
}

int PluginLoop::sleep_ms() const {
  std::lock_guard lock(mutex_);
  if (due_.empty()) return -1;
  const std::int64_t left_ms = due_.begin()->first - clock_.steady_ms();
  return static_cast<int>(std::clamp<std::int64_t>(left_ms, 0, 60'000));
}

bool PluginLoop::run_posts() {
  bool worked = false;
  for (std::size_t turn = 0; turn < kPostsPerTurn && !quit_; ++turn) {
    std::unique_lock lock(mutex_);
    if (!blocking_done_.empty()) {
      const bp_cookie cookie = blocking_done_.front();
      blocking_done_.pop_front();
      lock.unlock();
      pool_.job_taken();
      events_.on_blocking_done(cookie);
    } else if (!posts_.empty()) {
      const bp_cookie cookie = posts_.front();
      posts_.pop_front();
      lock.unlock();
      events_.on_post(cookie);
    } else {
      break;
    }
    worked = true;
  }
  return worked;
}

void PluginLoop::run_timers() {
  const std::int64_t now_ms = clock_.steady_ms();
  // Bounded, because a timer may set itself again for now.
  for (std::size_t turn = 0; turn < limits::kTimersPerPluginMax; ++turn) {
    bp_cookie timer = 0;
    {
      std::lock_guard lock(mutex_);
      if (due_.empty() || due_.begin()->first > now_ms) return;
      timer = due_.begin()->second;
      due_.erase(due_.begin());
      const auto found = timers_.find(timer);
      if (found->second.period_ms == 0) {
        timers_.erase(found);
      } else {
        // The next one in step that lies ahead: periods that were missed become this one event.
        Timer& again = found->second;
        again.due_ms += ((now_ms - again.due_ms) / again.period_ms + 1) * again.period_ms;
        due_.emplace(again.due_ms, timer);
      }
    }
    events_.on_timer(timer);
    if (quit_) return;
  }
}

void PluginLoop::run_watches(int timeout_ms) {
  std::array<epoll_event, 16> ready;
  const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), timeout_ms);
  asleep_ = false;
  for (int i = 0; i < count && !quit_; ++i) {
    const std::uint64_t number = ready[static_cast<std::size_t>(i)].data.u64;
    if (number == kLinkNumber) events_.on_link_ready();
    const auto found = watches_.find(number);
    if (found == watches_.end()) continue;
    const std::uint32_t happened = ready[static_cast<std::size_t>(i)].events;
    std::uint32_t events = 0;
    if ((happened & EPOLLIN) != 0) events |= BP_FD_READ;
    if ((happened & EPOLLOUT) != 0) events |= BP_FD_WRITE;
    // An error shows itself at the next read or write, so tell whoever would do one.
    if ((happened & (EPOLLERR | EPOLLHUP)) != 0) events |= found->second.events;
    if (events != 0) events_.on_fd(found->second.cookie, events);
  }
}

bp_status PluginLoop::post(bp_cookie cookie) {
  {
    std::lock_guard lock(mutex_);
    if (posts_.size() >= limits::kPluginPostsMax) return BP_E_AGAIN;
    posts_.push_back(cookie);
  }
  wake();
  return BP_OK;
}

bp_status PluginLoop::set_timer(bp_cookie timer, std::int64_t delay_ms, std::int64_t period_ms) {
  if (delay_ms < 0 || period_ms < 0) return BP_E_INVALID;
  delay_ms = std::min(delay_ms, limits::kPluginTimerMsMax);
  period_ms = std::min(period_ms, limits::kPluginTimerMsMax);
  {
    std::lock_guard lock(mutex_);
    const auto found = timers_.find(timer);
    if (found != timers_.end()) {
      due_.erase({found->second.due_ms, timer});
    } else if (timers_.size() >= limits::kTimersPerPluginMax) {
      return BP_E_LIMIT;
    }
    const Timer set{clock_.steady_ms() + delay_ms, period_ms};
    timers_.insert_or_assign(timer, set);
    due_.emplace(set.due_ms, timer);
  }
  wake();
  return BP_OK;
}

bp_status PluginLoop::cancel_timer(bp_cookie timer) {
  std::lock_guard lock(mutex_);
  const auto found = timers_.find(timer);
  if (found == timers_.end()) return BP_E_GONE;
  due_.erase({found->second.due_ms, timer});
  timers_.erase(found);
  return BP_OK;
}

bp_status PluginLoop::watch_fd(bp_cookie watch, int fd, std::uint32_t events) {
  if (std::this_thread::get_id() != thread_.load()) return BP_E_INVALID;
  if (events == 0 || (events & ~static_cast<std::uint32_t>(BP_FD_READ | BP_FD_WRITE)) != 0) return BP_E_INVALID;
  if (watch_numbers_.contains(watch)) return BP_E_CONFLICT;
  if (watches_.size() >= limits::kWatchesPerPluginMax) return BP_E_LIMIT;
  const std::uint64_t number = ++last_watch_;
  epoll_event event{.events = 0, .data = {.u64 = number}};
  if ((events & BP_FD_READ) != 0) event.events |= EPOLLIN;
  if ((events & BP_FD_WRITE) != 0) event.events |= EPOLLOUT;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return errno == EEXIST ? BP_E_CONFLICT : BP_E_INVALID;
  watches_.emplace(number, Watch{watch, fd, events});
  watch_numbers_.emplace(watch, number);
  return BP_OK;
}

bp_status PluginLoop::unwatch_fd(bp_cookie watch) {
  if (std::this_thread::get_id() != thread_.load()) return BP_E_INVALID;
  const auto found = watch_numbers_.find(watch);
  if (found == watch_numbers_.end()) return BP_E_GONE;
  const auto watched = watches_.find(found->second);
  // Fails if the plugin has closed the descriptor already, and then there is nothing to remove.
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, watched->second.fd, nullptr);
  watches_.erase(watched);
  watch_numbers_.erase(found);
  return BP_OK;
}

bp_status PluginLoop::run_blocking(bp_cookie cookie, void (*work)(void*), void* argument) {
  return pool_.run(cookie, work, argument);
}

}  // namespace backplane::link
