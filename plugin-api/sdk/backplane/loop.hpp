// The plugin's own thread, as functions: run something on it, later or again and again, when a descriptor is ready, or
// after blocking work elsewhere. Every function passed here runs on the plugin's thread, except `work`.
#pragma once

#include <backplane/host.hpp>
#include <backplane/operation.hpp>
#include <backplane/tables.hpp>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace backplane::sdk {

// A function to call later. Unlike std::function it may hold what can only be moved, such as a Done.
template <class... Parameters>
class Task {
 public:
  template <class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, Task> && std::invocable<Function&, Parameters...>)
      Task(Function function)  // NOLINT: a lambda is passed as it is
      : holder_(std::make_unique<Holder<Function>>(std::move(function))) {}

  void operator()(Parameters... parameters) { holder_->run(parameters...); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void run(Parameters... parameters) = 0;
  };
  template <class Function>
  struct Holder final : Base {
    explicit Holder(Function from) : function(std::move(from)) {}
    void run(Parameters... parameters) override { function(parameters...); }
    Function function;
  };

  std::unique_ptr<Base> holder_;
};

class Loop {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit Loop(Host& host) : host_(host), tables_(host.tables()) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs `task` soon. BP_E_AGAIN: 1,024 are waiting. Any thread.
  bp_status post(Task<> task) {
    const bp_cookie cookie = keep(posts_, next_number(), std::make_shared<Task<>>(std::move(task)));
    return sent(posts_, cookie, call(tables_.host, &bp_host::post, tables_.host, cookie));
  }

  // Runs `task` after `delay`, then every `period` (0: once; missed periods merge). `timer` is the plugin's own number
  // for it and replaces an earlier timer of that number. Any thread.
  bp_status set_timer(bp_cookie timer, Milliseconds delay, Milliseconds period, Task<> task) {
    auto entry = std::make_shared<Timer>(Timer{std::move(task), period.count() == 0});
    std::shared_ptr<Timer> before;
    {
      const std::lock_guard lock(mutex_);
      before = std::exchange(timers_[timer], std::move(entry));
    }
    const bp_status status =
        call(tables_.loop, &bp_host_loop::set_timer, tables_.host, timer, delay.count(), period.count());
    if (status != BP_OK) {
      const std::lock_guard lock(mutex_);
      if (before) {
        timers_[timer] = std::move(before);
      } else {
        timers_.erase(timer);
      }
    }
    return status;
  }

  // The task no longer runs once this was called on the plugin's thread. BP_E_GONE: there is no such timer.
  bp_status cancel_timer(bp_cookie timer) {
    take(timers_, timer);
    return call(tables_.loop, &bp_host_loop::cancel_timer, tables_.host, timer);
  }

  // Runs `ready(events)` while `fd` is ready; `events` is BP_FD_READ | BP_FD_WRITE. Unwatch before closing it.
  // Plugin's thread only.
  bp_status watch_fd(int fd, std::uint32_t events, Task<std::uint32_t> ready) {
    const auto watch = static_cast<bp_cookie>(static_cast<std::uint32_t>(fd));
    if (find(watches_, watch)) return BP_E_CONFLICT;
    keep(watches_, watch, std::make_shared<Task<std::uint32_t>>(std::move(ready)));
    return sent(watches_, watch, call(tables_.loop, &bp_host_loop::watch_fd, tables_.host, watch, fd, events));
  }

  // Plugin's thread only.
  bp_status unwatch_fd(int fd) {
    const auto watch = static_cast<bp_cookie>(static_cast<std::uint32_t>(fd));
    take(watches_, watch);
    return call(tables_.loop, &bp_host_loop::unwatch_fd, tables_.host, watch);
  }

  // Runs `work()` beside the plugin's thread, then `then(result)` on it (`then()` where work returns nothing). `work`
  // touches nothing that other threads use. If either throws, that is logged and counted, `then` is left out, and the
  // operation, where one is named, is answered 500. BP_E_AGAIN: 64 jobs are waiting. Any thread.
  template <class Work, class Then>
  bp_status run_blocking(Work work, Then then, Operation operation = {}) {
    using Result = std::invoke_result_t<Work&>;
    if constexpr (std::is_void_v<Result>) {
      return run(std::move(work), std::move(then), operation);
    } else {
      auto result = std::make_shared<std::optional<Result>>();
      return run([work = std::move(work), result]() mutable { result->emplace(work()); },
                 [then = std::move(then), result]() mutable { then(std::move(**result)); }, operation);
    }
  }

  // The host's events; called by the SDK.
  void on_post(bp_cookie cookie) {
    if (const auto task = take(posts_, cookie)) (*task)();
  }
  void on_timer(bp_cookie timer) {
    const auto entry = find(timers_, timer);
    if (!entry) return;
    if (entry->once) forget(timers_, timer, entry);
    entry->task();
  }
  void on_fd(bp_cookie watch, std::uint32_t events) {
    if (const auto ready = find(watches_, watch)) (*ready)(events);
  }
  void on_blocking_done(bp_cookie cookie) {
    const auto job = take(jobs_, cookie);
    if (!job || job->failed) return;
    try {
      job->then();
    } catch (...) {
      host_.report_escape("after blocking work", job->operation);
    }
  }

 private:
  struct Timer {
    Task<> task;
    bool once;
  };
  struct Job {
    Host* host;
    Operation operation;
    Task<> work;
    Task<> then;
    bool failed = false;
  };
  template <class T>
  using Table = std::unordered_map<bp_cookie, std::shared_ptr<T>>;

  bp_status run(Task<> work, Task<> then, Operation operation) {
    auto job = std::make_shared<Job>(Job{&host_, operation, std::move(work), std::move(then)});
    Job* const argument = job.get();  // lives in jobs_ until on_blocking_done, which the host sends after the work
    const bp_cookie cookie = keep(jobs_, next_number(), std::move(job));
    return sent(jobs_, cookie,
                call(tables_.loop, &bp_host_loop::run_blocking, tables_.host, cookie, &Loop::work_beside,
                     static_cast<void*>(argument)));
  }

  static void work_beside(void* argument) noexcept {
    Job& job = *static_cast<Job*>(argument);
    try {
      job.work();
    } catch (...) {
      job.failed = true;
      job.host->report_escape("blocking work", job.operation);
    }
  }

  bp_cookie next_number() {
    const std::lock_guard lock(mutex_);
    return ++last_number_;
  }
  template <class T>
  bp_cookie keep(Table<T>& table, bp_cookie number, std::shared_ptr<T> entry) {
    const std::lock_guard lock(mutex_);
    table[number] = std::move(entry);
    return number;
  }
  template <class T>
  std::shared_ptr<T> find(Table<T>& table, bp_cookie number) {
    const std::lock_guard lock(mutex_);
    const auto at = table.find(number);
    return at == table.end() ? nullptr : at->second;
  }
  template <class T>
  std::shared_ptr<T> take(Table<T>& table, bp_cookie number) {
    const std::lock_guard lock(mutex_);
    const auto at = table.find(number);
    if (at == table.end()) return nullptr;
    auto entry = std::move(at->second);
    table.erase(at);
    return entry;
  }
  // Leaves an entry alone that another thread has put there since.
  template <class T>
  void forget(Table<T>& table, bp_cookie number, const std::shared_ptr<T>& entry) {
    const std::lock_guard lock(mutex_);
    const auto at = table.find(number);
    if (at != table.end() && at->second == entry) table.erase(at);
  }
  // An entry that the host did not take never gets its event.
  template <class T>
  bp_status sent(Table<T>& table, bp_cookie number, bp_status status) {
    if (status != BP_OK) take(table, number);
    return status;
  }

  Host& host_;
  const Tables& tables_;
  std::mutex mutex_;
  bp_cookie last_number_ = 0;
  Table<Task<>> posts_;
  Table<Timer> timers_;
  Table<Task<std::uint32_t>> watches_;
  Table<Job> jobs_;
};

}  // namespace backplane::sdk
