#include "plugin/instance.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "link/status.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {

std::string_view state_name(State state) {
  switch (state) {
    case State::kCreated:
      return "created";
    case State::kStarting:
      return "starting";
    case State::kRunning:
      return "running";
    case State::kDegraded:
      return "degraded";
    case State::kBlocked:
      return "blocked";
    case State::kDraining:
      return "draining";
    case State::kStopped:
      return "stopped";
    case State::kRefused:
      return "refused";
    case State::kCrashed:
      return "crashed";
    case State::kDisabled:
      return "disabled";
  }
  return "?";
}

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
  restart_at_ms_.reset();
  reason_.clear();
  degraded_at_start_ = false;
  metrics_.clear();
  live_ = std::make_unique<Life>(static_cast<Life::Owner&>(*this), clock_, feeds_, make_link_, version_.settings);
  live_->start();
}

bool Instance::has_new_file() const {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(version_.settings.library, error);
  return !error && time != version_.library_time;
}

void Instance::start_again() {
  if (state_ == State::kCrashed && !live_) begin_life();
}

void Instance::handle(const Manifest& manifest, std::size_t route, const std::shared_ptr<op::Operation>& operation) {
  // A request may have found its route before the manifest was replaced.
  const bool live =
      (state_ == State::kRunning || state_ == State::kDegraded) && live_ && &manifest == version_.manifest.get();
  if (live) {
    const ManifestRoute& declared = manifest.routes[route];
    const link::OpBridge::Target target{static_cast<std::uint32_t>(route), declared.kind == http::RouteKind::kWebSocket,
                                        declared.safe};
    if (live_->open(operation, target)) return;
  }
  operation->fail({.error = base::Error::kUnavailable,
                   .text = live ? "the plugin is busy" : "the plugin is not running",
                   .retry_after_s = link::limits::kPluginRetryAfterS});
}

void Instance::configure(base::Secret config_json, Done done) {
  const auto not_now = [this](std::string text) {
    return base::problem(base::Error::kUnavailable, std::move(text), name());
  };
  if (!serving()) return done(not_now("the plugin is not running; its new configuration needs a restart of it"));
  if (configured_) return done(not_now("an earlier configuration is still being applied; reload again later"));
  if (!live_->configure(++generation_, config_json.reveal())) {
    return done(not_now("the plugin takes nothing now; reload again later"));
  }
  configured_ = std::move(done);
  configure_by_ms_ = clock_.steady_ms() + limits::kPluginStartMs;
  new_config_json_ = std::move(config_json);
}

State Instance::state() const {
  const bool live = state_ == State::kRunning || state_ == State::kDegraded;
  return live && live_ && live_->link().blocked() ? State::kBlocked : state_;
}

std::string Instance::reason() const {
  const bool live = (state_ == State::kRunning || state_ == State::kDegraded) && live_;
  if (!live) return reason_;
  std::string blocked = live_->blocked_text();
  return blocked.empty() ? reason_ : blocked;
}

link::BridgeCounts Instance::counts() const {
  link::BridgeCounts all = past_counts_;
  const auto add = [&all](const Life& life) { all += life.bridge().counts(); };
  if (live_) add(*live_);
  for (const auto& life : leaving_) add(*life);
  return all;
}

bool Instance::owns_process(pid_t pid) const {
  if (live_ && live_->link().process() == pid) return true;
  if (next_ && next_->life->link().process() == pid) return true;
  return std::any_of(leaving_.begin(), leaving_.end(),
                     [pid](const auto& life) { return life->link().process() == pid; });
}

void Instance::tick() {
  if (restart_at_ms_ && !live_ && clock_.steady_ms() >= *restart_at_ms_) {
    restart_at_ms_.reset();
    if (renew_ && has_new_file()) {
      renew_();
    } else {
      begin_life();
    }
  }
  if (live_) live_->tick();
  if (next_) next_->life->tick();
  std::vector<Life*> leaving;
  for (const auto& life : leaving_) leaving.push_back(life.get());
  for (Life* life : leaving) {
    const bool there =
        std::any_of(leaving_.begin(), leaving_.end(), [life](const auto& one) { return one.get() == life; });
    if (there) life->tick();
  }
  if (configured_ && clock_.steady_ms() >= configure_by_ms_) {
    // As if it had said that only a restart can apply it: a process is replaced then.
    answer_configure(base::problem(base::Error::kUnsupported,
                                   fmt::format("it has not answered its new configuration within {} s; the "
                                               "configuration needs a restart of the plugin",
                                               limits::kPluginStartMs / 1000),
                                   name()));
  }
  const bool blocked = state() == State::kBlocked;
  if (blocked && !reported_blocked_) base::log(base::Level::kError, "plugin {}: {}", name(), reason());
  if (!blocked && reported_blocked_ && serving()) base::log(base::Level::kInfo, "plugin {} is back", name());
  reported_blocked_ = blocked;
}

void Instance::on_life_started(Life& life, std::optional<std::string> refused) {
  if (next_ && &life == next_->life.get()) {
    if (!refused) return take_over();
    return keep_old(base::problem(base::Error::kUnavailable, *refused, name()));
  }
  if (&life != live_.get()) return;
  if (!refused) return live(degraded_at_start_);
  if (started_once_ && restarts_.recent() != 0) return crashed("it did not start again: " + *refused);
  refuse(std::move(*refused));
  end_readers();  // of a life before it
  settle();
  if (up_) std::exchange(up_, nullptr)(base::problem(base::Error::kUnavailable, reason_, name()));
}

void Instance::live(bool degraded) {
  state_ = degraded ? State::kDegraded : State::kRunning;
  started_once_ = true;
  layers_ = live_->link().layers();
  live_->become_writer();
  changed();
  base::log(base::Level::kInfo, "plugin {} {} is {}{}", name(), manifest()->version, state_name(state_),
            reason_.empty() ? "" : ": " + reason_);
  settle();
  if (up_) std::exchange(up_, nullptr)(std::nullopt);
}

void Instance::on_life_ended(Life& life, std::optional<std::string> lost) {
  const bool was_live = &life == live_.get();
  const bool was_next = next_ && &life == next_->life.get();
  const auto grave = bury(life);  // until this returns: the life is still on the stack
  if (was_next) {
    return keep_old(base::problem(base::Error::kUnavailable, lost.value_or("it stopped by itself"), name()));
  }
  if (lost && (!was_live || state_ == State::kDraining)) {
    base::log(base::Level::kWarning, "plugin {} ended while it stopped: {}", name(), *lost);
  } else if (was_live && (state_ == State::kStarting || state_ == State::kRunning || state_ == State::kDegraded)) {
    return crashed(lost.value_or("it stopped by itself"));
  }
  over();
}

void Instance::crashed(std::string reason) {
  ++crashes_;
  changed();
  answer_configure(base::problem(base::Error::kUnavailable, "the plugin has crashed", name()));
  const auto wait_ms = restarts_.ended(clock_.steady_ms());
  state_ = wait_ms ? State::kCrashed : State::kDisabled;
  reason_ = reason;
  if (wait_ms) {
    restart_at_ms_ = clock_.steady_ms() + *wait_ms;
  } else {
    reason_ = fmt::format(
        "it crashed {} times within {} minutes, at last because {}; `backplanectl plugin enable {}` "
        "starts it again",
        limits::kProcessCrashesMax, limits::kProcessCrashesMs / 60'000, reason, name());
    end_readers();
  }
  base::log(base::Level::kError, "plugin {} is {}: {}", name(), state_name(state_), reason_);
  notice(wait_ms ? "plugin.crashed" : "plugin.disabled", reason_);
  settle();
  if (up_) std::exchange(up_, nullptr)(base::problem(base::Error::kUnavailable, reason_, name()));
  if (down_ || stopped_) over();
}

void Instance::on_life_stuck(Life& life, std::string why) {
  if (&life != live_.get()) return;
  reason_ = std::move(why);
  base::log(base::Level::kError, "plugin {}: {}", name(), reason_);
  if (down_) std::exchange(down_, nullptr)(base::problem(base::Error::kTimeout, reason_, name()));
  finish_stop(false);
}

void Instance::on_life_state(Life& life, link::State state) {
  if (next_ && &life == next_->life.get()) {
    next_->said = std::move(state);
    return;
  }
  // Kept also while it starts: a start that finds an optional device missing says so before it answers.
  if (&life != live_.get()) return;
  if (state_ != State::kStarting && state_ != State::kRunning && state_ != State::kDegraded) return;
  if (state_ != State::kStarting) state_ = state.degraded ? State::kDegraded : State::kRunning;
  degraded_at_start_ = state.degraded;
  reason_ = std::move(state.text);
}

void Instance::on_life_metric(Life& life, std::uint64_t number, link::Metric metric) {
  if (&life == live_.get()) {
    metrics_[number] = std::move(metric);
  } else if (next_ && &life == next_->life.get()) {
    next_->metrics[number] = std::move(metric);
  }
}

void Instance::on_life_configured(Life& life, std::uint64_t generation, const link::Outcome& outcome) {
  if (&life != live_.get() || generation != generation_ || !configured_) return;
  const auto error = link::from_status(outcome.status);
  if (!error) {
    set_config(std::move(new_config_json_));
    changed();
    return answer_configure(std::nullopt);
  }
  const char* text = *error == base::Error::kUnsupported ? "the new configuration needs a restart of the daemon"
                                                         : "the plugin keeps its old configuration";
  answer_configure(
      base::problem(*error, outcome.text.empty() ? text : fmt::format("{}: {}", text, outcome.text), name()));
}

void Instance::answer_configure(std::optional<base::Problem> problem) {
  if (configured_) std::exchange(configured_, nullptr)(std::move(problem));
}

std::unique_ptr<Life> Instance::bury(Life& life) {
  past_counts_ += life.bridge().counts();
  if (&life == live_.get()) return std::move(live_);
  if (next_ && &life == next_->life.get()) return std::move(next_->life);
  const auto found =
      std::find_if(leaving_.begin(), leaving_.end(), [&](const auto& one) { return one.get() == &life; });
  auto found_life = std::move(*found);
  leaving_.erase(found);
  return found_life;
}

void Instance::settle() {
  if (settled_) std::exchange(settled_, nullptr)();
}

void Instance::finish_stop(bool clean) {
  if (stopped_) std::exchange(stopped_, nullptr)(clean);
}

void Instance::notice(std::string_view event, const std::string& text) const {
  if (notice_) notice_(event, name(), text);
}

void Instance::changed() const {
  if (changed_) changed_(name());
}

}  // namespace backplane::plugin
