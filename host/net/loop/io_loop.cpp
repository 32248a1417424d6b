#include "net/loop/io_loop.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <new>
#include <utility>

namespace backplane::net {
namespace {

// What is ready is worked off before a turn ends, but others that keep this thread busy must not hold it up.
constexpr int kHandlersPerTurnMax = 64;
constexpr std::chrono::milliseconds kTurnTimeMax{1};

}  // namespace

void IoLoop::run() {
  while (!stopped_) {
    try {
      run_turn();
    } catch (const std::bad_alloc&) {
      // Whoever needed the memory has not got it. The others go on, and the server's tick makes room.
    }
  }
}

void IoLoop::run_turn() {
  context_.restart();
  if (!turn_.waits()) context_.run();
  const auto over = std::chrono::steady_clock::now() + kTurnTimeMax;
  for (int handlers = 0; handlers < kHandlersPerTurnMax && !stopped_; ++handlers) {
    context_.restart();
    if (context_.poll_one() == 0 || std::chrono::steady_clock::now() >= over) break;
  }
  turn_.finish();
}

void IoLoop::stop() {
  stopped_ = true;
  context_.stop();
}

void IoLoop::post(std::function<void()> job) {
  boost::asio::post(context_, std::move(job));
}

}  // namespace backplane::net
