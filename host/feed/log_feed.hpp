// The daemon's own log as the feed "host/log", which remembers its newest lines. I/O thread only.
#pragma once

#include <functional>
#include <memory>

#include "feed/feed.hpp"
#include "feed/log_lines.hpp"

namespace backplane::feed {

class LogFeed {
 public:
  // Runs a job on the I/O thread. [any thread]
  using Executor = std::function<void(std::function<void()>)>;

  // The feed has the lines that wait already, too. No lines: it stays empty.
  LogFeed(Feeds& feeds, Executor executor, std::unique_ptr<LogLines> lines);
  ~LogFeed();
  LogFeed(const LogFeed&) = delete;
  LogFeed& operator=(const LogFeed&) = delete;

 private:
  void publish_waiting();
  void publish(const LogLines::Line& line);

  Feed& feed_;
  const std::unique_ptr<LogLines> lines_;
  const std::shared_ptr<LogFeed*> self_ = std::make_shared<LogFeed*>(this);  // jobs tell by it whether this is gone
};

}  // namespace backplane::feed
