#include "plugin/life.hpp"

#include <utility>

#include "base/log.hpp"
#include "link/limits.hpp"
#include "link/status.hpp"
#include "plugin/limits.hpp"

namespace backplane::plugin {

Life::Life(Owner& owner, const base::Clock& clock, feed::Feeds& feeds, const LinkFactory& make_link,
           const link::Settings& settings)
    : owner_(owner),
      clock_(clock),
      name_(settings.instance),
      routes_(settings.routes),
      link_(make_link(settings, *this)),
      bridge_(*link_),
      feeds_(*link_, bridge_, feeds, settings) {}

Life::~Life() = default;

void Life::start() {
  deadline_ms_ = clock_.steady_ms() + limits::kPluginStartMs;
  link_->start();
}

void Life::stop() {
  if (phase_ == Phase::kStopping || phase_ == Phase::kOver) return;
  phase_ = Phase::kStopping;
  deadline_ms_ = clock_.steady_ms() + link::limits::kPluginStopMs;
  feeds_.close();
  bridge_.end_all(op::End::kStopping);
  link_->stop();
}

void Life::drain(std::int64_t within_ms) {
  if (phase_ != Phase::kRunning) return stop();
  phase_ = Phase::kDraining;
  feeds_.close();
  bridge_.release_attached();
  deadline_ms_ = clock_.steady_ms() + within_ms;
}

void Life::tick() {
  const bool late = deadline_ms_ != 0 && clock_.steady_ms() >= deadline_ms_;
  const std::string blocked = late ? blocked_text() : "";
  const std::string where = blocked.empty() ? "" : "; " + blocked;
  switch (phase_) {
    case Phase::kStarting:
      if (late)
        return refuse(fmt::format("it has not answered start within {} s{}", limits::kPluginStartMs / 1000, where));
      break;
    case Phase::kDraining:
      if (late || bridge_.open_count() == 0) return stop();
      break;
    case Phase::kStopping:
      if (!late) break;
      deadline_ms_ = 0;
      if (link_->process() == 0) {
        stuck_ = true;
        return owner_.on_life_stuck(
            *this, fmt::format("it has not stopped within {} s{}", link::limits::kPluginStopMs / 1000, where));
      }
      link_->kill(fmt::format("it has not stopped within {} s{}", link::limits::kPluginStopMs / 1000, where));
      return;
    case Phase::kRunning:
    case Phase::kOver:
      break;
  }
  link_->tick();
}

bool Life::open(const std::shared_ptr<op::Operation>& operation, const link::OpBridge::Target& target) {
  return bridge_.open(operation, target);
}

bool Life::configure(std::uint64_t generation, const std::string& json) {
  return link_->deliver({link::Code::kConfig, generation, link::Config{json}});
}

std::string Life::blocked_text() const {
  const auto blocked = link_->blocked();
  if (!blocked) return {};
  const std::int64_t for_s = blocked->for_ms / 1000;
  if (blocked->callback == nullptr) return fmt::format("has not answered for {} s", for_s);
  std::string route;
  if (blocked->route < routes_.size()) route = " (route " + routes_[blocked->route].id + ")";
  return fmt::format("blocked in {}{} for {} s", blocked->callback, route, for_s);
}

void Life::on_message(link::Message& message) {
  switch (message.code) {
    case link::Code::kStarted:
      return on_started(std::get<link::Outcome>(message.payload));
    case link::Code::kStopped:
      phase_ = Phase::kOver;
      break_off();
      return owner_.on_life_ended(*this, std::nullopt);
    case link::Code::kLost:
      return lose(std::move(std::get<link::Outcome>(message.payload).text));
    case link::Code::kConfigured:
      return owner_.on_life_configured(*this, message.id, std::get<link::Outcome>(message.payload));
    case link::Code::kLog: {
      const auto& line = std::get<link::Log>(message.payload);
      return base::log(line.level, "[{}] {}", name_, line.text);
    }
    case link::Code::kState:
      said_degraded_ = std::get<link::State>(message.payload).degraded;
      return owner_.on_life_state(*this, std::move(std::get<link::State>(message.payload)));
    case link::Code::kMetric:
      return owner_.on_life_metric(*this, message.id, std::move(std::get<link::Metric>(message.payload)));
    case link::Code::kPublish:
    case link::Code::kAttach:
    case link::Code::kSubscribe:
    case link::Code::kUnsubscribe:
    case link::Code::kItemsTaken:
      return feeds_.handle(message);
    default:
      return bridge_.handle(message);
  }
}

void Life::on_started(const link::Outcome& outcome) {
  if (phase_ != Phase::kStarting) return;  // too late: it was given up
  if (outcome.status != BP_OK) {
    return refuse(outcome.text.empty() ? fmt::format("its start answered {}", link::status_name(outcome.status))
                                       : outcome.text);
  }
  phase_ = Phase::kRunning;
  deadline_ms_ = 0;
  if (!outcome.text.empty()) owner_.on_life_state(*this, {said_degraded_, outcome.text});
  owner_.on_life_started(*this, std::nullopt);
}

void Life::refuse(std::string reason) {
  stop();
  owner_.on_life_started(*this, std::move(reason));
}

void Life::lose(std::string reason) {
  phase_ = Phase::kOver;
  break_off();
  owner_.on_life_ended(*this, std::move(reason));
}

// What is open now has been left by the plugin; where it was asked to stop, nothing is.
void Life::break_off() {
  feeds_.close();
  bridge_.fail_all({.error = base::Error::kBadGateway, .text = "the plugin broke while it answered"});
}

}  // namespace backplane::plugin
