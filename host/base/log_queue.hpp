// Lines of the log that wait for a thread of their own, which writes them: who reads the log may stop reading, and
// nobody else waits for that. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/log.hpp"

namespace backplane::base {

class LogQueue {
 public:
  struct Line {
    std::chrono::system_clock::time_point time;
    Level level = Level::kInfo;
    std::string text;
  };
  // Writes one line, on the queue's thread. It may wait for as long as it likes, and must not log.
  using Write = std::function<void(const Line&)>;

  explicit LogQueue(Write write);
  // Leaves the thread behind if it is still at a line: it writes no other.
  ~LogQueue();
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  // A line that does not fit is dropped, and so are all until half of the queue is free. How many they were is written
  // in their place.
  void add(Line line);

  // Waits until all that was added before is written. False after that time, which changes nothing.
  bool flush(std::chrono::milliseconds wait_max);

 private:
  struct Shared;  // also the thread's, which may outlive this
  static void run(const std::shared_ptr<Shared>& shared);

  const std::shared_ptr<Shared> shared_;
};

}  // namespace backplane::base
