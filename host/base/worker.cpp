#include "base/worker.hpp"

#include <pthread.h>

#include <utility>

namespace backplane::base {

Worker::Worker(std::string name, std::size_t jobs_max)
    : name_(std::move(name)), jobs_max_(jobs_max), thread_([this] { run(); }) {}

Worker::~Worker() {
  stop();
}

bool Worker::post(Job job) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= jobs_max_) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Worker::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what the job owns dies before the lock is taken again
    lock.lock();
  }
}

}  // namespace backplane::base
