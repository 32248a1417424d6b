#include "plugin/instance.hpp"

#include <utility>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "link/status.hpp"

namespace backplane::plugin {

namespace limits = base::limits;

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
  }
  return "?";
}

Instance::Instance(Identity identity, const base::Clock& clock)
    : identity_(std::move(identity)), clock_(clock), config_json_(identity_.config_json) {}

Instance::~Instance() = default;

void Instance::refuse(std::string reason) {
  state_ = State::kRefused;
  reason_ = std::move(reason);
  base::log(base::Level::kError, "plugin {} is refused: {}", name(), reason_);
}

void Instance::start(const LinkFactory& make_link, link::Settings settings, std::function<void()> settled) {
  state_ = State::kStarting;
  settled_ = std::move(settled);
  deadline_ms_ = clock_.steady_ms() + limits::kPluginStartMs;
  link_ = make_link(std::move(settings), *this);
  bridge_ = std::make_unique<link::OpBridge>(*link_);
  link_->start();
}

void Instance::handle(std::size_t route, const std::shared_ptr<op::Operation>& operation) {
  const bool live = state_ == State::kRunning || state_ == State::kDegraded;
  if (live) {
    const ManifestRoute& declared = identity_.manifest->routes[route];
    const link::OpBridge::Target target{static_cast<std::uint32_t>(route), declared.kind == http::RouteKind::kWebSocket,
                                        declared.safe};
    if (bridge_->open(operation, target)) return;
  }
  operation->fail({.error = base::Error::kUnavailable,
                   .text = live ? "the plugin is busy" : "the plugin is not running",
                   .retry_after_s = limits::kPluginRetryAfterS});
}

void Instance::stop(std::function<void(bool)> stopped) {
  stopped_ = std::move(stopped);
  if (link_ == nullptr || destroyed_) return finish_stop(true);
  if (state_ != State::kRefused) state_ = State::kDraining;
  reason_ = state_ == State::kDraining ? "" : reason_;
  deadline_ms_ = clock_.steady_ms() + limits::kPluginStopMs;
  bridge_->end_all(op::End::kStopping);
  if (!std::exchange(stop_sent_, true)) link_->stop();
  settle();
  if (configured_) {
    std::exchange(configured_,
                  nullptr)(base::problem(base::Error::kUnavailable, "the plugin is being stopped", name()));
  }
}

void Instance::configure(base::Secret config_json, std::function<void(std::optional<base::Problem>)> done) {
  const auto not_now = [this](std::string text) {
    return base::problem(base::Error::kUnavailable, std::move(text), name());
  };
  if (!serving())
    return done(not_now("the plugin is not running; its new configuration needs a restart of the daemon"));
  if (configured_) return done(not_now("an earlier configuration is still being applied; reload again later"));
  if (!link_->deliver({link::Code::kConfig, ++generation_, link::Config{config_json.reveal()}})) {
    return done(not_now("the plugin takes nothing now; reload again later"));
  }
  configured_ = std::move(done);
  new_config_json_ = std::move(config_json);
}

void Instance::tick() {
  if (deadline_ms_ != 0 && clock_.steady_ms() >= deadline_ms_) {
    deadline_ms_ = 0;
    const auto blocked = link_->blocked();
    if (state_ == State::kStarting) {
      give_up(fmt::format("it has not answered start within {} s{}", limits::kPluginStartMs / 1000,
                          blocked ? "; " + blocked_text(*blocked) : ""));
    } else if (stopped_) {
      reason_ = fmt::format("it has not stopped within {} s{}", limits::kPluginStopMs / 1000,
                            blocked ? "; " + blocked_text(*blocked) : "");
      base::log(base::Level::kError, "plugin {}: {}", name(), reason_);
      finish_stop(false);
    }
  }
  const bool blocked = state() == State::kBlocked;
  if (blocked && !reported_blocked_) base::log(base::Level::kError, "plugin {} is {}", name(), reason());
  if (!blocked && reported_blocked_) base::log(base::Level::kInfo, "plugin {} is back", name());
  reported_blocked_ = blocked;
}

State Instance::state() const {
  const bool live = state_ == State::kRunning || state_ == State::kDegraded;
  return live && link_->blocked() ? State::kBlocked : state_;
}

std::string Instance::reason() const {
  const bool live = state_ == State::kRunning || state_ == State::kDegraded;
  if (!live) return reason_;
  const auto blocked = link_->blocked();
  return blocked ? blocked_text(*blocked) : reason_;
}

std::string Instance::blocked_text(const link::Blocked& blocked) const {
  std::string route;
  if (blocked.route != link::kNoRoute) route = " (route " + identity_.manifest->routes[blocked.route].id + ")";
  return fmt::format("blocked in {}{} for {} s", blocked.callback, route, blocked.for_ms / 1000);
}

void Instance::on_message(link::Message& message) {
  switch (message.code) {
    case link::Code::kStarted:
      return on_started(std::get<link::Outcome>(message.payload));
    case link::Code::kStopped:
      return on_stopped();
    case link::Code::kConfigured:
      return on_configured(message.id, std::get<link::Outcome>(message.payload));
    case link::Code::kLog: {
      const auto& line = std::get<link::Log>(message.payload);
      return base::log(line.level, "[{}] {}", name(), line.text);
    }
    case link::Code::kState: {
      auto& said = std::get<link::State>(message.payload);
      // Kept also while it starts: a start that finds an optional device missing says so before it answers.
      if (state_ != State::kStarting && state_ != State::kRunning && state_ != State::kDegraded) return;
      if (state_ != State::kStarting) state_ = said.degraded ? State::kDegraded : State::kRunning;
      degraded_at_start_ = said.degraded;
      reason_ = std::move(said.text);
      return;
    }
    case link::Code::kMetric:
      metrics_[message.id] = std::move(std::get<link::Metric>(message.payload));
      return;
    default:
      if (bridge_) bridge_->handle(message);
  }
}

void Instance::on_started(const link::Outcome& outcome) {
  if (state_ != State::kStarting) return;  // too late: it was given up
  deadline_ms_ = 0;
  if (outcome.status != BP_OK) {
    return give_up(outcome.text.empty() ? fmt::format("its start answered {}", link::status_name(outcome.status))
                                        : outcome.text);
  }
  state_ = degraded_at_start_ ? State::kDegraded : State::kRunning;
  if (!outcome.text.empty()) reason_ = outcome.text;
  base::log(base::Level::kInfo, "plugin {} {} is {}{}", name(), identity_.manifest->version, state_name(state_),
            reason_.empty() ? "" : ": " + reason_);
  settle();
}

void Instance::give_up(std::string reason) {
  refuse(std::move(reason));
  // A link that answers late must still take the plugin down.
  if (!std::exchange(stop_sent_, true)) link_->stop();
  settle();
}

void Instance::on_stopped() {
  destroyed_ = true;
  deadline_ms_ = 0;
  if (state_ != State::kRefused) state_ = State::kStopped;
  finish_stop(true);
}

void Instance::on_configured(std::uint64_t generation, const link::Outcome& outcome) {
  if (generation != generation_ || !configured_) return;
  const auto done = std::exchange(configured_, nullptr);
  const auto error = link::from_status(outcome.status);
  if (!error) {
    config_json_ = std::move(new_config_json_);
    return done(std::nullopt);
  }
  const char* text = *error == base::Error::kUnsupported ? "the new configuration needs a restart of the daemon"
                                                         : "the plugin keeps its old configuration";
  done(base::problem(*error, outcome.text.empty() ? text : fmt::format("{}: {}", text, outcome.text), name()));
}

void Instance::settle() {
  if (settled_) std::exchange(settled_, nullptr)();
}

void Instance::finish_stop(bool clean) {
  if (stopped_) std::exchange(stopped_, nullptr)(clean);
}

}  // namespace backplane::plugin
