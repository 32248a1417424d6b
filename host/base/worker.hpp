// One thread with a bounded queue of jobs: where disk, hashing and D-Bus happen, so that the I/O thread never blocks.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace backplane::base {

class Worker {
 public:
  using Job = std::function<void()>;

  // The name is what `top -H` shows (cut at 15 characters); jobs_max bounds the waiting jobs.
  Worker(std::string name, std::size_t jobs_max);
  // Finishes every job that was accepted, then joins.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False where the queue is full or stopping; the job is then not run. [any thread]
  [[nodiscard]] bool post(Job job);

  // Finishes what was accepted, refuses the rest and joins. A second call does nothing.
  void stop();

 private:
  void run();

  const std::string name_;
  const std::size_t jobs_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace backplane::base
