#include "net/loop/wakes.hpp"

#include <boost/asio/post.hpp>
#include <cstddef>
#include <utility>

namespace backplane::net {
namespace {

constexpr std::size_t kWakesPerTurnMax = 32;  // about 0.4 ms where each writes a line, then who is ready gets a turn

}  // namespace

void Wakes::add(std::unique_ptr<Waiter> waiter) {
  waiting_.push_back(std::move(waiter));
  if (!std::exchange(posted_, true)) post();
}

void Wakes::shutdown() {
  std::exchange(waiting_, {}).clear();
}

void Wakes::post() {
  boost::asio::post(io_, [this] { resume_some(); });
}

void Wakes::resume_some() {
  for (std::size_t left = kWakesPerTurnMax; left > 0 && !waiting_.empty(); --left) {
    const std::unique_ptr<Waiter> waiter = std::move(waiting_.front());
    waiting_.pop_front();
    waiter->resume();
  }
  posted_ = !waiting_.empty();
  if (posted_) post();
}

}  // namespace backplane::net
