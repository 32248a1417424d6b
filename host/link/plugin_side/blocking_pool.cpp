#include "link/plugin_side/blocking_pool.hpp"

#include <pthread.h>

#include <utility>

#include "link/limits.hpp"

namespace backplane::link {

BlockingPool::BlockingPool(std::string thread_name, std::function<void(bp_cookie)> done)
    : thread_name_(std::move(thread_name)), done_(std::move(done)) {}

BlockingPool::~BlockingPool() {
  {
    std::lock_guard lock(mutex_);
    closed_ = leaving_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bp_status BlockingPool::run(bp_cookie cookie, void (*work)(void* argument), void* argument) {
  if (work == nullptr) return BP_E_INVALID;
  {
    std::lock_guard lock(mutex_);
    if (closed_) return BP_E_UNAVAILABLE;
    if (unfinished_ >= limits::kBlockingJobsMax) return BP_E_AGAIN;
    jobs_.push_back({cookie, work, argument});
    ++unfinished_;
    if (idle_ < jobs_.size() && threads_.size() < limits::kBlockingThreads) {
      threads_.emplace_back([this] { run_jobs(); });
    }
  }
  wake_.notify_one();
  return BP_OK;
}

void BlockingPool::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
}

std::size_t BlockingPool::unfinished() const {
  std::lock_guard lock(mutex_);
  return unfinished_;
}

void BlockingPool::job_taken() {
  std::lock_guard lock(mutex_);
  --unfinished_;
}

void BlockingPool::run_jobs() {
  pthread_setname_np(pthread_self(), thread_name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    wake_.wait(lock, [this] { return leaving_ || !jobs_.empty(); });
    --idle_;
    if (jobs_.empty()) return;
    const Job job = jobs_.front();
    jobs_.pop_front();
    lock.unlock();
    job.work(job.argument);
    done_(job.cookie);
    lock.lock();
  }
}

}  // namespace backplane::link
