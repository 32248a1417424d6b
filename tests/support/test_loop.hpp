// A stand-in for the I/O thread: what is posted from any thread runs here, on the thread of the test.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace backplane::support {

class TestLoop {
 public:
  // Give this to whatever wants an executor; the loop must outlive it.
  std::function<void(std::function<void()>)> executor() {
    return [this](std::function<void()> job) {
      {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
      }
      wake_.notify_one();
    };
  }

  // Runs what is posted until `finished` says so. False where nothing came for so long that nothing will.
  bool run_until(const std::function<bool()>& finished) {
    while (!finished()) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex_);
        if (!wake_.wait_for(lock, std::chrono::seconds(60), [this] { return !jobs_.empty(); })) return false;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
};

}  // namespace backplane::support
