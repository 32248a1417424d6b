#include "validate/trial.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>
#include <utility>

#include "link/limits.hpp"
#include "plugin/limits.hpp"
#include "validate/limits.hpp"

namespace backplane::validate {

Trial::Trial(const TrialHost& host, link::Settings settings) : host_(host) {
  const plugin::LinkFactory make_tap = [this](link::Settings with, link::Receiver& receiver) {
    return std::make_unique<Tap>(host_.process, std::move(with), receiver, heard_);
  };
  life_ = std::make_unique<plugin::Life>(static_cast<plugin::Life::Owner&>(*this), base::system_clock(), feeds_,
                                         make_tap, std::move(settings));
}

Trial::~Trial() {
  over_ = true;   // what follows concerns nobody
  life_.reset();  // kills what still runs
}

std::string Trial::start() {
  const std::int64_t began_ms = base::system_clock().steady_ms();
  life_->start();
  wait([this] { return settled_; },
       plugin::limits::kPluginStartMs + link::limits::kPluginStopMs + limits::kValidateSpareMs);
  start_ms_ = base::system_clock().steady_ms() - began_ms;
  if (lost_) return *lost_;
  if (refused_) return *refused_;
  return running() ? "" : "it did not start in time";
}

std::string Trial::stop() {
  const std::int64_t began_ms = base::system_clock().steady_ms();
  life_->stop();
  wait([this] { return over_; }, link::limits::kPluginStopMs + limits::kValidateSpareMs);
  stop_ms_ = base::system_clock().steady_ms() - began_ms;
  if (lost_) return *lost_;
  return over_ ? "" : "it did not stop in time";
}

std::shared_ptr<Client> Trial::send(std::size_t route, const RequestPlan& plan) {
  const plugin::ManifestRoute& declared = host_.manifest.routes[route];
  auto operation = std::make_shared<op::Operation>(make_request(host_.manifest, declared, plan), declared.style,
                                                   declared.timeout_ms);
  host_.operations.open(operation);
  auto client = std::make_shared<Client>(operation);
  operation->set_wake([weak = std::weak_ptr<Client>(client)] {
    if (const auto alive = weak.lock()) alive->look();
  });
  const link::OpBridge::Target target{static_cast<std::uint32_t>(route), declared.kind == http::RouteKind::kWebSocket,
                                      declared.safe};
  if (!running() || !life_->open(operation, target)) {
    operation->fail({.error = base::Error::kUnavailable, .text = "the plugin is busy"});
  }
  const bool in_pieces = declared.body == http::BodyKind::kRaw || declared.body == http::BodyKind::kParts;
  if (!in_pieces) body_sent(*client);
  return client;
}

bool Trial::wait(const std::function<bool()>& done, std::int64_t within_ms) {
  const std::int64_t left_ms = host_.give_up_ms - base::system_clock().steady_ms();
  bool held = false;
  host_.loop.run_until(
      [&] {
        held = done();
        return held || over_;
      },
      std::clamp<std::int64_t>(within_ms, 0, std::max<std::int64_t>(left_ms, 0)),
      [this] {
        host_.operations.end_overdue();
        if (!over_) life_->tick();
      });
  return held;
}

std::optional<link::Outcome> Trial::configure(const std::string& json) {
  configured_.reset();
  if (!running() || !life_->configure(++generation_, json)) return std::nullopt;
  wait([this] { return configured_.has_value(); }, plugin::limits::kPluginStartMs);
  return configured_;
}

std::uint64_t Trial::memory_bytes() const {
  std::ifstream status("/proc/" + std::to_string(life_->link().process()) + "/status");
  constexpr std::string_view kKey = "RssAnon:";
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kKey)) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    std::uint64_t kib = 0;
    if (digits != std::string::npos) std::from_chars(line.data() + digits, line.data() + line.size(), kib);
    return kib * 1024;
  }
  return 0;
}

void Trial::on_life_started(plugin::Life&, std::optional<std::string> refused) {
  if (!refused) life_->become_writer();
  settled_ = true;
  refused_ = std::move(refused);
}

void Trial::on_life_ended(plugin::Life&, std::optional<std::string> lost) {
  settled_ = true;
  over_ = true;
  lost_ = std::move(lost);
}

void Trial::on_life_stuck(plugin::Life&, std::string why) {
  settled_ = true;
  over_ = true;
  lost_ = std::move(why);
}

void Trial::on_life_state(plugin::Life&, link::State state) {
  state_ = std::move(state);
}

void Trial::on_life_configured(plugin::Life&, std::uint64_t generation, const link::Outcome& outcome) {
  if (generation == generation_) configured_ = outcome;
}

}  // namespace backplane::validate
