#include "auth/check_queue.hpp"

#include <algorithm>
#include <utility>

#include "auth/limits.hpp"

namespace backplane::auth {

CheckQueue::Pushed CheckQueue::push(Place place, const Digest& check) {
  const std::size_t of_network = count(place.network, waiting_.size());
  if (of_network + (turn_ == place.network ? 1 : 0) >= place.places_max) return {};
  Pushed pushed{.accepted = true, .displaced = std::nullopt};
  if (waiting_.size() >= limits::kPasswordChecksWaitingMax) {
    std::size_t worst = 0;
    for (std::size_t i = 1; i < waiting_.size(); ++i) {
      if (rank_of(i) >= rank_of(worst)) worst = i;
    }
    if (rank_of(worst) <= Rank{place.failures, of_network}) return {};
    pushed.displaced = waiting_[worst].check;
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(worst));
  }
  waiting_.push_back({std::move(place), check});
  return pushed;
}

void CheckQueue::improve(const Place& place, const Digest& check) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) { return waiting.check == check; });
  if (found != waiting_.end() && place.failures < found->place.failures) found->place = place;
}

std::optional<Digest> CheckQueue::pop() {
  end_turn();
  if (waiting_.empty()) return std::nullopt;
  std::size_t best = 0;
  for (std::size_t i = 1; i < waiting_.size(); ++i) {
    if (rank_of(i) < rank_of(best)) best = i;
  }
  const Digest check = waiting_[best].check;
  turn_ = std::move(waiting_[best].place.network);
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(best));
  return check;
}

std::size_t CheckQueue::count(std::string_view network, std::size_t end) const {
  return static_cast<std::size_t>(
      std::count_if(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(end),
                    [&](const Waiting& waiting) { return waiting.place.network == network; }));
}

CheckQueue::Rank CheckQueue::rank_of(std::size_t index) const {
  const Place& place = waiting_[index].place;
  return {place.failures, count(place.network, index)};
}

}  // namespace backplane::auth
