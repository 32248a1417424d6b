// The thread of a validation as an I/O thread: runs what other threads post and what descriptors bring, until a
// condition holds or a time has passed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "base/clock.hpp"
#include "base/readiness.hpp"
#include "base/unique_fd.hpp"
#include "link/thread_link.hpp"

namespace backplane::validate {

class EventLoop final : public base::Readiness {
 public:
  EventLoop();

  link::Executor executor();
  bool add(int descriptor, Watcher& watcher) override;
  void remove(int descriptor, const Watcher& watcher) override;

  // Calls `tick` at least every kTickMs of the machine's time. False where `within_ms` passed first.
  bool run_until(const std::function<bool()>& done, std::int64_t within_ms, const std::function<void()>& tick);

 private:
  struct Posted {
    std::mutex mutex;
    base::UniqueFd wake;
    std::deque<std::function<void()>> jobs;
  };
  std::function<void()> take();
  void wait(int timeout_ms);

  std::shared_ptr<Posted> posted_ = std::make_shared<Posted>();
  base::UniqueFd epoll_;
  std::map<std::uint64_t, Watcher*> watchers_;  // by a number of our own: a descriptor's may be used again
  std::uint64_t last_watcher_ = 0;
};

}  // namespace backplane::validate
