// The store behind a thread of its own, so that no flush to the disk stops the I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/result.hpp"
#include "base/worker.hpp"
#include "store/store.hpp"

namespace backplane::store {

// Runs a function on the I/O thread, later, in the order given. Any thread may call it.
using Executor = std::function<void(std::function<void()>)>;

class StoreThread {
 public:
  // What `executor` was given may still wait when this object dies; it then must never run.
  StoreThread(Store store, Executor executor);
  // Finishes every accepted job.
  ~StoreThread();

  // Runs `job` on the store's thread and `done` with its answer on the I/O thread, never before run() returns. Jobs run
  // in the order given. kUnavailable where too many wait. [I/O thread]
  template <class T>
  void run(std::function<base::Checked<T>(Store&)> job, std::function<void(base::Checked<T>)> done) {
    auto call = std::make_shared<Call<T>>(Call<T>{std::move(job), std::move(done)});
    const bool accepted = worker_.post([this, call] {
      base::Checked<T> answer = call->job(store_);
      call->job = nullptr;  // what it holds dies here; `done` travels on and dies on the I/O thread
      executor_([this, done = std::move(call->done), answer = std::move(answer)]() mutable {
        note(answer ? std::optional<base::Problem>() : answer.error());
        done(std::move(answer));
      });
    });
    given_ += accepted ? 1 : 0;
    if (!accepted) {
      executor_([done = std::move(call->done)] {
        done(base::problem(base::Error::kUnavailable, "too many changes wait for the disk; try again later"));
      });
    }
  }

  // Told, on the I/O thread, when the disk begins to fail (the problem) and when it works again (nothing): what health
  // shows as degraded.
  void on_state_changed(std::function<void(const std::optional<base::Problem>&)> listener);
  // Call about once a second, with the boot clock: a disk that answers nothing for kStoreHangMs has failed, too. [I/O
  // thread]
  void watch(std::int64_t now_ms);
  // The last failure of the disk, until a job succeeds. [I/O thread]
  const std::optional<base::Problem>& disk_problem() const { return disk_problem_; }

 private:
  template <class T>
  struct Call {
    std::function<base::Checked<T>(Store&)> job;
    std::function<void(base::Checked<T>)> done;
  };

  void tell(std::optional<base::Problem> problem);
  void note(const std::optional<base::Problem>& problem);

  Store store_;  // the worker's
  const Executor executor_;
  std::optional<base::Problem> disk_problem_;
  std::function<void(const std::optional<base::Problem>&)> listener_;
  std::uint64_t given_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t answered_before_ = 0;  // when progress was last seen
  std::int64_t progress_ms_ = -1;      // of watch(); -1: not called yet
  bool hangs_ = false;
  base::Worker worker_;  // last: its thread ends before what it uses
};

}  // namespace backplane::store
