// The I/O thread: Asio's loop, and the end of each turn.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "base/turn.hpp"
#include "net/loop/epoll.hpp"

namespace backplane::net {

class IoLoop {
 public:
  boost::asio::io_context& context() { return context_; }
  base::Turn& turn() { return turn_; }
  Epoll& readiness() { return readiness_; }

  // Serves until stop(). The thread that calls it is the I/O thread.
  void run();
  // [I/O thread]
  void stop();
  // Runs a job on the I/O thread, in a turn of its own. [any thread]
  void post(std::function<void()> job);

 private:
  void run_turn();

  boost::asio::io_context context_{1};
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  Epoll readiness_{context_};
  // Leaves Asio's run(), which costs nothing where no turn is started.
  base::Turn turn_{[this] { context_.stop(); }};
  bool stopped_ = false;
};

}  // namespace backplane::net
