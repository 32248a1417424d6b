// The lines of the daemon's own log that wait for the I/O thread, which makes a feed of them.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace backplane::feed {

class LogLines {
 public:
  struct Line {
    std::int64_t time_us = 0;  // since 1970
    base::Level level = base::Level::kInfo;
    std::string text;  // UTF-8
  };
  struct Batch {
    std::vector<Line> lines;
    std::uint64_t missing = 0;  // lines after these for which there was no room
  };

  // Takes every line that is written from now on, until it is destroyed. One at a time.
  LogLines();
  ~LogLines();
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;

  // `wake` is called for the first line after each take(), on the thread that logs; at once where lines wait already.
  // Empty: nobody is called any more.
  void set_wake(std::function<void()> wake);
  Batch take();

  // While one is there, the lines of its thread are left out: they are what delivering lines has led to.
  class Silence {
   public:
    Silence();
    ~Silence();
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
  };

 private:
  void add(base::Level level, std::string_view text);

  std::mutex mutex_;
  std::function<void()> wake_;
  Batch waiting_;
};

}  // namespace backplane::feed
