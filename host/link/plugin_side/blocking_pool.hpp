// The two threads beside a plugin's own that run its blocking work. Made on first use.
#pragma once

#include <backplane/abi.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace backplane::link {

class BlockingPool {
 public:
  // `done(cookie)` is called on a pool thread after each job.
  BlockingPool(std::string thread_name, std::function<void(bp_cookie)> done);
  // Waits for the jobs that run.
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // BP_E_AGAIN if kBlockingJobsMax jobs are unfinished; BP_E_INVALID without work; BP_E_UNAVAILABLE after close.
  // [any thread]
  bp_status run(bp_cookie cookie, void (*work)(void* argument), void* argument);

  // Takes no more jobs; those accepted still run. [any thread]
  void close();
  // Jobs accepted whose end has not been taken with job_taken. [any thread]
  std::size_t unfinished() const;
  // The plugin has heard of one job's end. [plugin thread]
  void job_taken();

 private:
  struct Job {
    bp_cookie cookie;
    void (*work)(void* argument);
    void* argument;
  };
  void run_jobs();

  const std::string thread_name_;
  const std::function<void(bp_cookie)> done_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::vector<std::thread> threads_;
  std::size_t unfinished_ = 0;
  std::size_t idle_ = 0;
  bool closed_ = false;
  bool leaving_ = false;
};

}  // namespace backplane::link
