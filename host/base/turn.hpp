// What many requests ask for alike is put off until the I/O thread has worked through all that is ready, and then done
// once: a plugin is woken once for sixty requests. I/O thread only.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace backplane::base {

class Turn {
 public:
  // `started` is called when the first job is put off: whoever runs the thread then calls finish() soon. Without it
  // nothing is put off.
  explicit Turn(std::function<void()> started = nullptr) : started_(std::move(started)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Runs the job when the turn ends. Whoever puts off keeps count of it, so that what waits is bounded by their number.
  // The job must not throw.
  void at_end(std::function<void()> job) {
    if (!started_) return job();
    put_off_.push_back(std::move(job));
    if (put_off_.size() == 1) started_();
  }

  bool waits() const { return !put_off_.empty(); }
  void finish() {
    for (const auto& job : std::exchange(put_off_, {})) job();
  }

 private:
  const std::function<void()> started_;
  std::vector<std::function<void()>> put_off_;
};

}  // namespace backplane::base
