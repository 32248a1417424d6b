#include "plugin/instance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {
namespace {

// Tells whoever waits, once.
template <class Waiting, class... Answers>
void answer(Waiting& waiting, Answers&&... answers) {
  if (waiting) std::exchange(waiting, nullptr)(std::forward<Answers>(answers)...);
}

}  // namespace

Instance::Instance(Identity identity, Version version, const base::Clock& clock, feed::Feeds& feeds, Notice notice,
                   Changed changed)
    : identity_(std::move(identity)),
      version_(std::move(version)),
      clock_(clock),
      feeds_(feeds),
      notice_(std::move(notice)),
      changed_(std::move(changed)) {}

Instance::~Instance() = default;

void Instance::refuse(std::string reason) {
  state_ = State::kRefused;
  reason_ = std::move(reason);
  base::log(base::Level::kError, "plugin {} is refused: {}", name(), reason_);
}

void Instance::start(LinkFactory make_link, std::function<void()> settled) {
  make_link_ = std::move(make_link);
  settled_ = std::move(settled);
  begin_life();
}

void Instance::begin_life() {
  state_ = State::kStarting;
  restarts_.cancel();
  reason_.clear();
  degraded_at_start_ = false;
  metrics_.clear();
  lives_.serve(make_life(version_.settings));
  lives_.live()->start();
}

std::unique_ptr<Life> Instance::make_life(const link::Settings& settings) {
  return std::make_unique<Life>(static_cast<Life::Owner&>(*this), clock_, feeds_, make_link_, settings);
}

bool Instance::has_new_file() const {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(version_.settings.library, error);
  return !error && time != version_.library_time;
}

void Instance::start_again() {
  if (state_ == State::kCrashed && !lives_.live()) begin_life();
}

void Instance::handle(const Manifest& manifest, std::size_t route, const std::shared_ptr<op::Operation>& operation) {
  // A request may have found its route before the manifest was replaced.
  const bool live = (state_ == State::kRunning || state_ == State::kDegraded) && lives_.live() &&
                    &manifest == version_.manifest.get();
  if (live) {
    const ManifestRoute& declared = manifest.routes[route];
    const link::OpBridge::Target target{static_cast<std::uint32_t>(route), declared.kind == http::RouteKind::kWebSocket,
                                        declared.safe};
    if (lives_.live()->open(operation, target)) return;
  }
  operation->fail({.error = base::Error::kUnavailable,
                   .text = live ? "the plugin is busy" : "the plugin is not running",
                   .retry_after_s = link::limits::kPluginRetryAfterS});
}

void Instance::configure(base::Secret config_json, Done done) {
  if (!serving()) return done(unavailable("the plugin is not running; its new configuration needs a restart of it"));
  if (config_change_.pending()) {
    return done(unavailable("an earlier configuration is still being applied; reload again later"));
  }
  if (!lives_.live()->configure(config_change_.number_next(), config_json.reveal())) {
    return done(unavailable("the plugin takes nothing now; reload again later"));
  }
  config_change_.begin(std::move(config_json), std::move(done), clock_.steady_ms());
}

State Instance::state() const {
  const bool live = state_ == State::kRunning || state_ == State::kDegraded;
  return live && lives_.live() && lives_.live()->link().blocked() ? State::kBlocked : state_;
}

std::string Instance::reason() const {
  const bool live = (state_ == State::kRunning || state_ == State::kDegraded) && lives_.live();
  if (!live) return reason_;
  std::string blocked = lives_.live()->blocked_text();
  return blocked.empty() ? reason_ : blocked;
}

void Instance::tick() {
  if (restarts_.due(clock_.steady_ms()) && !lives_.live()) {
    restarts_.cancel();
    if (renew_ && has_new_file()) {
      renew_();
    } else {
      begin_life();
    }
  }
  lives_.tick();
  if (config_change_.overdue(clock_.steady_ms())) config_change_.finish(unanswered_config(name()));
  const bool blocked = state() == State::kBlocked;
  if (blocked && !reported_blocked_) base::log(base::Level::kError, "plugin {}: {}", name(), reason());
  if (!blocked && reported_blocked_ && serving()) base::log(base::Level::kInfo, "plugin {} is back", name());
  reported_blocked_ = blocked;
}

void Instance::on_life_started(Life& life, std::optional<std::string> refused) {
  if (&life == lives_.next()) {
    if (!refused) return take_over();
    return keep_old(unavailable(*refused));
  }
  if (&life != lives_.live()) return;
  if (!refused) return live(degraded_at_start_);
  if (started_once_ && restarts_.recent() != 0) return crashed("it did not start again: " + *refused);
  refuse(std::move(*refused));
  end_readers();  // of a life before it
  answer(settled_);
  answer(up_, unavailable(reason_));
}

void Instance::live(bool degraded) {
  state_ = degraded ? State::kDegraded : State::kRunning;
  started_once_ = true;
  layers_ = lives_.live()->link().layers();
  lives_.live()->become_writer();
  changed();
  base::log(base::Level::kInfo, "plugin {} {} is {}{}", name(), manifest()->version, state_name(state_),
            reason_.empty() ? "" : ": " + reason_);
  answer(settled_);
  answer(up_, std::nullopt);
}

void Instance::on_life_ended(Life& life, std::optional<std::string> lost) {
  const bool was_live = &life == lives_.live();
  const bool was_next = &life == lives_.next();
  const auto grave = lives_.bury(life);  // until this returns: the life is still on the stack
  if (was_next) return keep_old(unavailable(lost.value_or("it stopped by itself")));
  if (lost && (!was_live || state_ == State::kDraining)) {
    base::log(base::Level::kWarning, "plugin {} ended while it stopped: {}", name(), *lost);
  } else if (was_live && (state_ == State::kStarting || state_ == State::kRunning || state_ == State::kDegraded)) {
    return crashed(lost.value_or("it stopped by itself"));
  }
  over();
}

void Instance::crashed(std::string reason) {
  changed();
  config_change_.finish(unavailable("the plugin has crashed"));
  const bool again = restarts_.ended(clock_.steady_ms());
  state_ = again ? State::kCrashed : State::kDisabled;
  reason_ = again ? std::move(reason) : too_many_ends(name(), reason);
  if (!again) end_readers();
  base::log(base::Level::kError, "plugin {} is {}: {}", name(), state_name(state_), reason_);
  notice(again ? "plugin.crashed" : "plugin.disabled", reason_);
  answer(settled_);
  answer(up_, unavailable(reason_));
  if (down_ || stopped_) over();
}

void Instance::on_life_stuck(Life& life, std::string why) {
  if (&life != lives_.live()) return;
  reason_ = std::move(why);
  base::log(base::Level::kError, "plugin {}: {}", name(), reason_);
  answer(down_, base::problem(base::Error::kTimeout, reason_, name()));
  answer(stopped_, false);
}

void Instance::on_life_state(Life& life, link::State state) {
  if (&life == lives_.next()) {
    next_->said = std::move(state);
    return;
  }
  // Kept also while it starts: a start that finds an optional device missing says so before it answers.
  if (&life != lives_.live()) return;
  if (state_ != State::kStarting && state_ != State::kRunning && state_ != State::kDegraded) return;
  if (state_ != State::kStarting) state_ = state.degraded ? State::kDegraded : State::kRunning;
  degraded_at_start_ = state.degraded;
  reason_ = std::move(state.text);
}

void Instance::on_life_metric(Life& life, std::uint64_t number, link::Metric metric) {
  if (&life == lives_.live()) {
    metrics_[number] = std::move(metric);
  } else if (&life == lives_.next()) {
    next_->metrics[number] = std::move(metric);
  }
}

void Instance::on_life_configured(Life& life, std::uint64_t generation, const link::Outcome& outcome) {
  if (&life != lives_.live() || !config_change_.is_answered_by(generation)) return;
  auto problem = config_problem(outcome, name());
  if (!problem) {
    set_config(config_change_.take_config());
    changed();
  }
  config_change_.finish(std::move(problem));
}

void Instance::stop(std::function<void(bool)> stopped) {
  stopped_ = std::move(stopped);
  restarts_.cancel();
  if (next_) keep_old(unavailable("the plugin is being stopped"));
  if (lives_.live()) {
    if (state_ != State::kRefused) state_ = State::kDraining;
    if (state_ == State::kDraining) reason_.clear();
    lives_.live()->stop();
    if (lives_.live()->stuck()) answer(stopped_, false);
  }
  lives_.stop_leaving();
  end_readers();
  answer(settled_);
  const auto stopping = unavailable("the plugin is being stopped");
  config_change_.finish(stopping);
  answer(up_, stopping);
  over();
}

// Goes on with what waits for the last life to end.
void Instance::over() {
  if (lives_.live()) return;
  if (std::exchange(disabling_, false)) {
    state_ = State::kDisabled;
    reason_ = fmt::format("an operator has disabled it; `backplanectl plugin enable {}` starts it", name());
    base::log(base::Level::kInfo, "plugin {} is disabled: {}", name(), reason_);
    answer(down_, std::nullopt);  // it may start the plugin again
  }
  if (next_ || !lives_.empty()) return;
  if (state_ == State::kDraining || (stopped_ && state_ != State::kRefused && state_ != State::kDisabled)) {
    state_ = State::kStopped;
  }
  answer(stopped_, true);
}

void Instance::disable(Done done) {
  if (down_ || stopped_ || up_) return done(being_moved());
  if (!make_link_) return done(refused_at_load());
  if (lives_.live() && lives_.live()->stuck()) return done(base::problem(base::Error::kTimeout, reason_, name()));
  restarts_.cancel();
  if (next_) keep_old(unavailable("the plugin is being disabled"));
  down_ = std::move(done);
  disabling_ = true;
  end_readers();
  changed();
  if (!lives_.live()) return over();
  state_ = State::kDraining;
  reason_.clear();
  config_change_.finish(unavailable("the plugin is being disabled"));
  lives_.live()->stop();
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
  if (lives_.live() || down_ || stopped_ || up_) return done(being_moved());
  if (!make_link_) return done(refused_at_load());
  restarts_.forget();
  up_ = std::move(done);
  begin_life();
}

void Instance::replace(Version next, LinkFactory make_link, Publish publish, Done done) {
  if (next_ || down_ || stopped_ || up_ || lives_.leaving() >= limits::kLivesLeavingMax) return done(being_moved());
  make_link_ = std::move(make_link);
  if (!lives_.live()) {
    if (auto problem = publish(next.manifest)) return done(std::move(problem));
    end_readers_without(next);
    version_ = std::move(next);
    restarts_.forget();
    up_ = std::move(done);
    return begin_life();
  }
  lives_.bring_up(make_life(next.settings));
  next_.emplace(Next{std::move(next), std::move(publish), std::move(done), {}, {}});
  lives_.next()->start();
}

void Instance::take_over() {
  if (auto problem = next_->publish(next_->version.manifest)) return keep_old(std::move(*problem));
  Next next = std::move(*next_);
  next_.reset();
  config_change_.finish(unavailable("the plugin was replaced meanwhile"));
  lives_.take_over();
  end_readers_without(next.version);
  version_ = std::move(next.version);
  metrics_ = std::move(next.metrics);
  reason_ = std::move(next.said.text);
  restarts_.cancel();
  live(next.said.degraded);
  next.done(std::nullopt);
}

void Instance::keep_old(base::Problem problem) {
  Next next = std::move(*next_);
  next_.reset();
  lives_.give_up_next();
  base::log(base::Level::kWarning, "plugin {}: the new process is not used: {}", name(), problem.text);
  next.done(std::move(problem));
}

base::Problem Instance::unavailable(std::string text) const {
  return base::problem(base::Error::kUnavailable, std::move(text), name());
}

base::Problem Instance::being_moved() const {
  return base::problem(base::Error::kConflict, "the plugin is being started or stopped; try again later", name());
}

void Instance::notice(std::string_view event, const std::string& text) const {
  if (notice_) notice_(event, name(), text);
}

void Instance::changed() const {
  if (changed_) changed_(name());
}

}  // namespace backplane::plugin
