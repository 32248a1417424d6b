#include "net/loop/wakes.hpp"

#include <boost/asio/post.hpp>
#include <cstddef>
#include <utility>

namespace backplane::net {
namespace {

constexpr std::size_t kWakesPerTurnMax = 32;  // about 0.4 ms where each writes a line, then who is ready gets a turn

}  // namespace

void Wakes::add(std::unique_ptr<Waiter> waiter) {
  Waiter* const added = waiter.get();
  (last_ == nullptr ? first_ : last_->next_) = std::move(waiter);
  last_ = added;
  if (!posted_) post();
}

std::unique_ptr<Wakes::Waiter> Wakes::take_first() {
  std::unique_ptr<Waiter> taken = std::move(first_);
  first_ = std::move(taken->next_);
  if (first_ == nullptr) last_ = nullptr;
  return taken;
}

// One by one: a chain of them would be destroyed by calls within calls.
void Wakes::shutdown() {
  while (first_ != nullptr) take_first();
}

void Wakes::post() {
  boost::asio::post(io_, [this] { resume_some(); });
  posted_ = true;
}

void Wakes::resume_some() {
  posted_ = false;
  for (std::size_t left = kWakesPerTurnMax; left > 0 && first_ != nullptr; --left) take_first()->resume();
  if (first_ != nullptr && !posted_) post();
}

}  // namespace backplane::net
