// One process of the plugin under test: brought up as the daemon does it, asked, watched, stopped or killed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "op/op_table.hpp"
#include "plugin/life.hpp"
#include "plugin/manifest/manifest.hpp"
#include "validate/client.hpp"
#include "validate/event_loop.hpp"
#include "validate/request_plan.hpp"
#include "validate/tap.hpp"

namespace backplane::validate {

// What all processes of a validation share.
struct TrialHost {
  EventLoop& loop;
  op::OpTable& operations;
  const link::ProcessHost& process;
  const plugin::Manifest& manifest;
  std::int64_t give_up_ms = 0;  // steady clock: no wait goes beyond it
};

class Trial final : private plugin::Life::Owner {
 public:
  Trial(const TrialHost& host, link::Settings settings);
  ~Trial() override;

  // Brings it up and waits. Why it does not run; empty: it runs.
  std::string start();
  // Ends its operations, stops it and waits. Why that was not clean; empty: it was.
  std::string stop();
  std::int64_t start_ms() const { return start_ms_; }
  std::int64_t stop_ms() const { return stop_ms_; }

  // Sends a request; its deadline runs, or begins with body_sent() where the route takes its body in pieces.
  std::shared_ptr<Client> send(std::size_t route, const RequestPlan& plan);
  void body_sent(Client& client) { host_.operations.start_deadline(client.operation()); }
  // Waits until the condition holds. False: it ended, or the time is over.
  bool wait(const std::function<bool()>& done, std::int64_t within_ms);
  // Lets it work for that long.
  void pause(std::int64_t ms) {
    wait([] { return false; }, ms);
  }
  // Gives it a configuration. Nothing: it has not answered in time, or has ended.
  std::optional<link::Outcome> configure(const std::string& json);

  bool running() const { return life_->running() && !over_; }
  // Its process ended that was not asked to: why.
  const std::optional<std::string>& lost() const { return lost_; }
  // Operations that broke a limit.
  std::uint64_t overruns() const { return life_->bridge().counts().overruns; }
  std::string blocked_text() const { return life_->blocked_text(); }
  const Heard& heard() const { return *heard_; }
  void forget_mistakes() { heard_->mistakes.clear(); }
  const std::string& state_text() const { return state_.text; }
  bool degraded() const { return state_.degraded; }
  const std::vector<link::SandboxLayer>& layers() const { return life_->link().layers(); }
  // Of private memory, now; 0 if the kernel does not say.
  std::uint64_t memory_bytes() const;

 private:
  void on_life_started(plugin::Life& life, std::optional<std::string> refused) override;
  void on_life_ended(plugin::Life& life, std::optional<std::string> lost) override;
  void on_life_stuck(plugin::Life& life, std::string why) override;
  void on_life_state(plugin::Life& life, link::State state) override;
  void on_life_configured(plugin::Life& life, std::uint64_t generation, const link::Outcome& outcome) override;
  void on_life_metric(plugin::Life&, std::uint64_t, link::Metric) override {}

  const TrialHost& host_;
  const std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
  std::vector<link::RouteInfo> routes_;
  bool settled_ = false;
  bool over_ = false;
  std::optional<std::string> refused_;
  std::optional<std::string> lost_;
  link::State state_;
  std::uint64_t generation_ = 0;
  std::optional<link::Outcome> configured_;
  std::int64_t start_ms_ = 0;
  std::int64_t stop_ms_ = 0;
  feed::Feeds feeds_;  // nobody else's: what it subscribes to is silent
  std::unique_ptr<plugin::Life> life_;
};

}  // namespace backplane::validate
