// The event loop of one plugin's own thread: messages from the host, posts, timers, descriptor watches and the ends of
// blocking work, one event at a time. Plain epoll: it does less than Asio for a message and keeps Asio out of here.
#pragma once

#include <backplane/abi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "link/plugin_side/blocking_pool.hpp"

namespace backplane::link {

// What the loop tells, on its own thread.
class LoopEvents {
 public:
  virtual ~LoopEvents() = default;
  // Handles what the host has sent; false if there was nothing.
  virtual bool take_messages() = 0;
  // Whether messages wait. Cheap: it is asked before every sleep.
  virtual bool has_messages() const = 0;
  // The descriptor of wake_by is ready.
  virtual void on_link_ready() = 0;
  // The turn's work is done; the loop may sleep next.
  virtual void on_turn_over() = 0;
  virtual void on_post(bp_cookie cookie) = 0;
  virtual void on_timer(bp_cookie timer) = 0;
  virtual void on_fd(bp_cookie watch, std::uint32_t events) = 0;
  virtual void on_blocking_done(bp_cookie cookie) = 0;
};

class PluginLoop {
 public:
  PluginLoop(const std::string& name, const base::Clock& clock, LoopEvents& events);

  // Serves events until quit was called. [plugin thread]
  void run();
  // [plugin thread]
  void quit() { quit_ = true; }
  // A descriptor that ends the loop's sleep: on_link_ready, edge-triggered, for both directions. Before run.
  void wake_by(int descriptor);
  // Makes run look at the messages again. Costs a system call only if the loop sleeps. [any thread]
  void wake();

  // The functions of ext/loop.h and host.h, with their statuses. [any thread unless said otherwise]
  bp_status post(bp_cookie cookie);
  bp_status set_timer(bp_cookie timer, std::int64_t delay_ms, std::int64_t period_ms);
  bp_status cancel_timer(bp_cookie timer);
  // Off the plugin's thread: BP_E_INVALID. A descriptor that is watched already: BP_E_CONFLICT.
  bp_status watch_fd(bp_cookie watch, int fd, std::uint32_t events);
  bp_status unwatch_fd(bp_cookie watch);
  bp_status run_blocking(bp_cookie cookie, void (*work)(void*), void* argument);

  // No more blocking work is taken.
  void close_blocking() { pool_.close(); }
  bool blocking_unfinished() const { return pool_.unfinished() != 0; }

 private:
  struct Timer {
    std::int64_t due_ms;
    std::int64_t period_ms;
  };
  struct Watch {
    bp_cookie cookie;
    int fd;
    std::uint32_t events;
  };

  bool run_posts();
  void run_timers();
  void run_watches(int timeout_ms);
  bool anything_waits() const;
  // How long to sleep until the next timer: -1 if there is none.
  int sleep_ms() const;

  const base::Clock& clock_;
  LoopEvents& events_;
  bool quit_ = false;
  base::UniqueFd epoll_;
  base::UniqueFd wake_fd_;
  std::atomic<bool> asleep_{false};

  mutable std::mutex mutex_;  // guards what follows, up to the watches
  std::deque<bp_cookie> posts_;
  std::deque<bp_cookie> blocking_done_;
  std::unordered_map<bp_cookie, Timer> timers_;
  std::set<std::pair<std::int64_t, bp_cookie>> due_;

  // By our own number, not by the cookie, so that an event that epoll had ready when its watch was removed finds
  // nothing.
  std::unordered_map<std::uint64_t, Watch> watches_;
  std::unordered_map<bp_cookie, std::uint64_t> watch_numbers_;
  std::uint64_t last_watch_ = 0;
  std::atomic<std::thread::id> thread_{};
  BlockingPool pool_;  // last: its threads use what stands above
};

}  // namespace backplane::link
