// What operators do to an instance: stop, disable, enable, replace.
#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "plugin/instance.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {

void Instance::stop(std::function<void(bool)> stopped) {
  stopped_ = std::move(stopped);
  restart_at_ms_.reset();
  if (next_) keep_old(base::problem(base::Error::kUnavailable, "the plugin is being stopped", name()));
  if (live_) {
    if (state_ != State::kRefused) state_ = State::kDraining;
    if (state_ == State::kDraining) reason_.clear();
    live_->stop();
    if (live_->stuck()) finish_stop(false);
  }
  for (const auto& life : leaving_) life->stop();
  end_readers();
  settle();
  const auto stopping = base::problem(base::Error::kUnavailable, "the plugin is being stopped", name());
  answer_configure(stopping);
  if (up_) std::exchange(up_, nullptr)(stopping);
  over();
}

// Goes on with what waits for the last life to end.
void Instance::over() {
  if (live_) return;
  if (std::exchange(disabling_, false)) {
    state_ = State::kDisabled;
    reason_ = fmt::format("an operator has disabled it; `backplanectl plugin enable {}` starts it", name());
    base::log(base::Level::kInfo, "plugin {} is disabled: {}", name(), reason_);
    if (down_) std::exchange(down_, nullptr)(std::nullopt);  // it may start the plugin again
  }
  if (live_ || next_ || !leaving_.empty()) return;
  if (state_ == State::kDraining || (stopped_ && state_ != State::kRefused && state_ != State::kDisabled)) {
    state_ = State::kStopped;
  }
  finish_stop(true);
}

void Instance::disable(Done done) {
  if (down_ || stopped_ || up_) {
    return done(
        base::problem(base::Error::kConflict, "the plugin is being started or stopped; try again later", name()));
  }
  if (!make_link_) return done(refused_at_load());
  if (live_ && live_->stuck()) return done(base::problem(base::Error::kTimeout, reason_, name()));
  restart_at_ms_.reset();
  if (next_) keep_old(base::problem(base::Error::kUnavailable, "the plugin is being disabled", name()));
  down_ = std::move(done);
  disabling_ = true;
  end_readers();
  changed();
  if (!live_) return over();
  state_ = State::kDraining;
  reason_.clear();
  answer_configure(base::problem(base::Error::kUnavailable, "the plugin is being disabled", name()));
  live_->stop();
}

std::vector<feed::Feed*> Instance::own_feeds() const {
  std::vector<feed::Feed*> own;
  for (const link::FeedInfo& feed : version_.settings.feeds) own.push_back(&feeds_.at(name() + "/" + feed.id));
  return own;
}

// Also those that an earlier life has left: nobody publishes for them any more.
void Instance::end_readers() {
  for (feed::Feed* feed : own_feeds()) feed->end_clients();
}

void Instance::end_readers_without(const Version& next) {
  const auto& kept = next.settings.feeds;
  for (const link::FeedInfo& feed : version_.settings.feeds) {
    const bool stays = std::any_of(kept.begin(), kept.end(), [&](const auto& other) { return other.id == feed.id; });
    if (!stays) feeds_.at(name() + "/" + feed.id).end_clients();
  }
}

base::Problem Instance::refused_at_load() const {
  return base::problem(base::Error::kConflict,
                       "the plugin was refused: " + reason_ + "; mend that and restart the daemon", name());
}

void Instance::set_config(base::Secret config_json) {
  version_.config_json = std::move(config_json);
  version_.settings.config_json = version_.config_json.reveal();
}

void Instance::enable(Done done) {
  if (serving()) return done(std::nullopt);
  if (live_ || down_ || stopped_ || up_) {
    return done(
        base::problem(base::Error::kConflict, "the plugin is being started or stopped; try again later", name()));
  }
  if (!make_link_) return done(refused_at_load());
  restarts_.forget();
  up_ = std::move(done);
  begin_life();
}

void Instance::replace(Version next, LinkFactory make_link, Publish publish, Done done) {
  if (next_ || down_ || stopped_ || up_ || leaving_.size() >= limits::kLivesLeavingMax) {
    return done(
        base::problem(base::Error::kConflict, "the plugin is being started or stopped; try again later", name()));
  }
  make_link_ = std::move(make_link);
  if (!live_) {
    if (auto problem = publish(next.manifest)) return done(std::move(problem));
    end_readers_without(next);
    version_ = std::move(next);
    restarts_.forget();
    up_ = std::move(done);
    return begin_life();
  }
  auto life = std::make_unique<Life>(static_cast<Life::Owner&>(*this), clock_, feeds_, make_link_, next.settings);
  next_.emplace(Next{std::move(next), std::move(publish), std::move(done), {}, {}, std::move(life)});
  next_->life->start();
}

void Instance::take_over() {
  if (auto problem = next_->publish(next_->version.manifest)) {
    next_->life->stop();
    return keep_old(std::move(*problem));
  }
  Next next = std::move(*next_);
  next_.reset();
  answer_configure(base::problem(base::Error::kUnavailable, "the plugin was replaced meanwhile", name()));
  if (live_) {
    leaving_.push_back(std::move(live_));
    leaving_.back()->drain(limits::kDrainMs);
  }
  live_ = std::move(next.life);
  end_readers_without(next.version);
  version_ = std::move(next.version);
  metrics_ = std::move(next.metrics);
  reason_ = std::move(next.said.text);
  restart_at_ms_.reset();
  live(next.said.degraded);
  next.done(std::nullopt);
}

void Instance::keep_old(base::Problem problem) {
  Next next = std::move(*next_);
  next_.reset();
  if (next.life) {
    next.life->stop();
    leaving_.push_back(std::move(next.life));
  }
  base::log(base::Level::kWarning, "plugin {}: the new process is not used: {}", name(), problem.text);
  next.done(std::move(problem));
}

}  // namespace backplane::plugin
