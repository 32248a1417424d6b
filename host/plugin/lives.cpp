#include "plugin/lives.hpp"

#include <algorithm>
#include <utility>

#include "plugin/limits.hpp"

namespace backplane::plugin {

void Lives::take_over() {
  if (live_) {
    leaving_.push_back(std::move(live_));
    leaving_.back()->drain(limits::kDrainMs);
  }
  live_ = std::move(next_);
}

void Lives::give_up_next() {
  if (!next_) return;
  leaving_.push_back(std::move(next_));
  leaving_.back()->stop();
}

void Lives::stop_leaving() {
  for (const auto& life : leaving_) life->stop();
}

std::unique_ptr<Life> Lives::bury(Life& life) {
  past_counts_ += life.bridge().counts();
  if (&life == live_.get()) return std::move(live_);
  if (&life == next_.get()) return std::move(next_);
  const auto found =
      std::find_if(leaving_.begin(), leaving_.end(), [&](const auto& one) { return one.get() == &life; });
  auto found_life = std::move(*found);
  leaving_.erase(found);
  return found_life;
}

void Lives::tick() {
  if (live_) live_->tick();
  if (next_) next_->tick();
  std::vector<Life*> leaving;
  for (const auto& life : leaving_) leaving.push_back(life.get());
  for (Life* life : leaving) {
    const bool there =
        std::any_of(leaving_.begin(), leaving_.end(), [life](const auto& one) { return one.get() == life; });
    if (there) life->tick();
  }
}

link::BridgeCounts Lives::counts() const {
  link::BridgeCounts all = past_counts_;
  if (live_) all += live_->bridge().counts();
  for (const auto& life : leaving_) all += life->bridge().counts();
  return all;
}

bool Lives::owns_process(pid_t pid) const {
  const auto is_it = [pid](const auto& life) { return life && life->link().process() == pid; };
  return is_it(live_) || is_it(next_) || std::any_of(leaving_.begin(), leaving_.end(), is_it);
}

}  // namespace backplane::plugin
