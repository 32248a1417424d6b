#include "base/log_queue.hpp"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/limits.hpp"

namespace backplane::base {

struct LogQueue::Shared {
  explicit Shared(Write write_line) : write(std::move(write_line)) {}

  bool has_work() const { return !lines.empty() || dropped != 0; }
  void push(Line line);
  void tell_dropped();
  Line take();

  const Write write;
  std::mutex mutex;
  std::condition_variable wake;     // the thread's
  std::condition_variable written;  // of those who wait for a flush
  std::deque<Line> lines;
  std::size_t bytes = 0;      // of the texts in `lines`
  std::uint64_t dropped = 0;  // since the last line in `lines`
  bool full = false;          // until half of it is free
  std::uint64_t added = 0;    // lines that have been in the queue
  std::uint64_t done = 0;     // of those, the ones that are written
  bool stopping = false;
};

void LogQueue::Shared::push(Line line) {
  bytes += line.text.size();
  lines.push_back(std::move(line));
  ++added;
}

void LogQueue::Shared::tell_dropped() {
  if (dropped == 0) return;
  push({std::chrono::system_clock::now(), Level::kWarning,
        with_commas(std::exchange(dropped, 0)) +
            " lines of the log were dropped: whoever reads it has stopped or is too slow; look at what the daemon's "
            "stderr leads to"});
}

LogQueue::Line LogQueue::Shared::take() {
  if (lines.empty()) tell_dropped();
  Line line = std::move(lines.front());
  lines.pop_front();
  bytes -= line.text.size();
  full = full && (lines.size() > limits::kLogQueueLinesMax / 2 || bytes > limits::kLogQueueBytesMax / 2);
  return line;
}

LogQueue::LogQueue(Write write) : shared_(std::make_shared<Shared>(std::move(write))) {
  std::thread(run, shared_).detach();
}

LogQueue::~LogQueue() {
  const std::lock_guard lock(shared_->mutex);
  shared_->stopping = true;
  shared_->wake.notify_one();
}

void LogQueue::add(Line line) {
  const std::lock_guard lock(shared_->mutex);
  const bool fits = shared_->lines.size() < limits::kLogQueueLinesMax &&
                    shared_->bytes + line.text.size() <= limits::kLogQueueBytesMax;
  shared_->full = shared_->full || !fits;
  if (shared_->full) {
    ++shared_->dropped;
  } else {
    shared_->tell_dropped();
    shared_->push(std::move(line));
  }
  shared_->wake.notify_one();
}

bool LogQueue::flush(std::chrono::milliseconds wait_max) {
  std::unique_lock lock(shared_->mutex);
  const std::uint64_t all =
      shared_->added + (shared_->dropped != 0 ? 1 : 0);  // also the line that tells of the dropped
  return shared_->written.wait_for(lock, wait_max, [this, all] { return shared_->done >= all; });
}

void LogQueue::run(const std::shared_ptr<Shared>& shared) {
  pthread_setname_np(pthread_self(), "log");
  std::unique_lock lock(shared->mutex);
  for (;;) {
    shared->wake.wait(lock, [&] { return shared->stopping || shared->has_work(); });
    if (shared->stopping) return;
    {
      const Line line = shared->take();
      lock.unlock();
      shared->write(line);
    }
    lock.lock();
    ++shared->done;
    shared->written.notify_all();
  }
}

}  // namespace backplane::base
