// One plugin instance as the host sees it: its state with a reason, its link, its open operations and its metrics.
// I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "link/link.hpp"
#include "link/op_bridge.hpp"
#include "link/settings.hpp"
#include "op/operation.hpp"
#include "plugin/manifest.hpp"

namespace backplane::plugin {

// Crashed and disabled belong to processes and come with the process link.
enum class State { kCreated, kStarting, kRunning, kDegraded, kBlocked, kDraining, kStopped, kRefused };
std::string_view state_name(State state);

using LinkFactory = std::function<std::unique_ptr<link::Link>(link::Settings settings, link::Receiver& receiver)>;

class Instance final : public link::Receiver {
 public:
  struct Identity {
    std::string name;
    std::string plugin;
    std::string mount;
    base::Secret config_json;                  // as it is given to the plugin first
    std::shared_ptr<const Manifest> manifest;  // null where the manifest itself was refused
  };

  Instance(Identity identity, const base::Clock& clock);
  ~Instance() override;

  // Gives it no link: the reason stays for operators.
  void refuse(std::string reason);
  // Brings the plugin up. `settled` is called once: it runs, or it was refused.
  void start(const LinkFactory& make_link, link::Settings settings, std::function<void()> settled);

  // Answers an operation of the manifest's route: by the plugin, or with 503 in the route's style where it is not
  // running, blocked or full.
  void handle(std::size_t route, const std::shared_ptr<op::Operation>& operation);

  // Ends its operations (STOPPING), then stops it. `stopped(true)` is called once: it is destroyed; `stopped(false)`:
  // it overran kPluginStopMs, its thread is still inside, and the process should end without cleaning up.
  void stop(std::function<void(bool clean)> stopped);

  // Gives the plugin a new configuration. `done` is called once: with nothing where it is applied, else with what the
  // operator should know.
  void configure(base::Secret config_json, std::function<void(std::optional<base::Problem>)> done);

  // Looks at the deadlines of start and stop and at a blocked thread. Call every kTickMs.
  void tick();

  const Identity& identity() const { return identity_; }
  const std::string& name() const { return identity_.name; }
  const Manifest* manifest() const { return identity_.manifest.get(); }
  // What the plugin runs with.
  const base::Secret& config_json() const { return config_json_; }
  State state() const;
  // For operators; empty where there is nothing to say.
  std::string reason() const;
  // Whether its routes are live.
  bool serving() const { return state() == State::kRunning || state() == State::kDegraded; }

  std::size_t unanswered() const { return bridge_ ? bridge_->unanswered() : 0; }
  std::size_t streams() const { return bridge_ ? bridge_->streams() : 0; }
  link::BridgeCounts counts() const { return bridge_ ? bridge_->counts() : link::BridgeCounts{}; }
  const std::map<std::uint64_t, link::Metric>& metrics() const { return metrics_; }

  void on_message(link::Message& message) override;

 private:
  void on_started(const link::Outcome& outcome);
  void on_stopped();
  void on_configured(std::uint64_t generation, const link::Outcome& outcome);
  void settle();
  void give_up(std::string reason);
  void finish_stop(bool clean);
  std::string blocked_text(const link::Blocked& blocked) const;

  const Identity identity_;
  const base::Clock& clock_;
  State state_ = State::kCreated;  // without kBlocked, which the link knows
  std::string reason_;
  bool reported_blocked_ = false;
  bool degraded_at_start_ = false;
  bool stop_sent_ = false;
  bool destroyed_ = false;
  std::int64_t deadline_ms_ = 0;  // of start or stop; 0: none
  std::function<void()> settled_;
  std::function<void(bool)> stopped_;
  base::Secret config_json_;
  base::Secret new_config_json_;
  std::uint64_t generation_ = 0;
  std::function<void(std::optional<base::Problem>)> configured_;
  std::map<std::uint64_t, link::Metric> metrics_;
  std::unique_ptr<link::Link> link_;
  std::unique_ptr<link::OpBridge> bridge_;  // after link_, which it uses
};

}  // namespace backplane::plugin
