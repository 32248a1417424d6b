// One piece of work of the I/O thread, such as all requests that have come since the last look. What many of them ask
// for alike is put off to its end and done once: a plugin is woken once for sixty requests. I/O thread only.
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace backplane::base {

class Turn {
 public:
  // A turn lasts as long as the outermost of these.
  class Scope {
   public:
    explicit Scope(Turn& turn) : turn_(turn) { ++turn_.depth_; }
    ~Scope() {
      if (--turn_.depth_ == 0) turn_.finish();
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Turn& turn_;
  };

  // Runs the job when the turn ends, at once outside of one. Whoever puts off keeps count of it, so that what waits is
  // bounded by their number. The job must not throw.
  void at_end(std::function<void()> job) {
    if (depth_ == 0) return job();
    put_off_.push_back(std::move(job));
  }

 private:
  void finish() {
    for (const auto& job : std::exchange(put_off_, {})) job();
  }

  int depth_ = 0;
  std::vector<std::function<void()>> put_off_;
};

}  // namespace backplane::base
