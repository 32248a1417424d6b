// The plugin's side of a link: turns messages into callbacks and keeps the state by which host functions decide their
// statuses. It runs in the daemon for a thread link, in the runner for a process link. All functions on the plugin's
// own thread unless said otherwise.
#pragma once

#include <backplane/ext/feed.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/plugin.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "link/plugin_side/feed_states.hpp"
#include "link/plugin_side/host_tables.hpp"
#include "link/plugin_side/metric_names.hpp"
#include "link/plugin_side/op_states.hpp"
#include "link/plugin_side/plugin_extensions.hpp"
#include "link/plugin_side/plugin_loop.hpp"
#include "link/plugin_side/request_view.hpp"
#include "link/wire/host_queue.hpp"
#include "link/wire/log_gate.hpp"
#include "link/wire/message.hpp"
#include "link/wire/plugin_queue.hpp"
#include "link/wire/settings.hpp"
#include "link/wire/shared_page.hpp"

namespace backplane::link {

// The questions that a plugin has been asked and must answer with host->done: start, stop, a new configuration.
// Any thread.
class Questions {
 public:
  enum class Kind { kStart, kStop, kConfig };
  struct Question {
    Kind kind;
    std::uint64_t generation;  // of a configuration
  };

  bp_cookie ask(Question question) {
    std::lock_guard lock(mutex_);
    open_.emplace(++last_, question);
    return last_;
  }

  // The question, once; empty if no such question is open.
  std::optional<Question> take(bp_cookie cookie) {
    std::lock_guard lock(mutex_);
    const auto found = open_.find(cookie);
    if (found == open_.end()) return std::nullopt;
    const Question question = found->second;
    open_.erase(found);
    return question;
  }

 private:
  std::mutex mutex_;
  bp_cookie last_ = 0;
  std::unordered_map<bp_cookie, Question> open_;
};

class PluginSide final : public LoopEvents {
 public:
  // What moves messages between the two queues and a daemon that is elsewhere. A thread link has none: there the host
  // uses the queues itself.
  class Port {
   public:
    virtual ~Port() = default;
    // Its descriptor can be read or written again.
    virtual void on_ready() = 0;
    // Puts what has come into from_host.
    virtual void receive() = 0;
    // Sends what to_host holds; called before the plugin's thread sleeps.
    virtual void send() = 0;
  };

  PluginSide(Settings settings, const base::Clock& clock, PluginQueue& from_host, HostQueue& to_host, Busy& busy,
             Port* port = nullptr);

  // Serves the instance until it is destroyed; then kStopped has been sent.
  void run() { loop_.run(); }

  // --- For the host tables [any thread] ---
  const Settings& settings() const { return settings_; }
  OpStates& states() { return states_; }
  PluginLoop& loop() { return loop_; }
  HostQueue& to_host() { return to_host_; }
  LogGate& log_gate() { return log_gate_; }
  MetricNames& metric_names() { return metric_names_; }
  FeedStates& feeds() { return feeds_; }
  bp_status answer_question(bp_cookie cookie, bp_status status, std::string text);
  bool named_by_manifest(std::string_view extension) const;

  // [any thread]
  void wake() { loop_.wake(); }

  bool take_messages() override;
  bool has_messages() const override { return !from_host_.empty() || attention_.load(); }
  void on_link_ready() override {
    if (port_ != nullptr) port_->on_ready();
  }
  void on_turn_over() override {
    if (port_ != nullptr) port_->send();
  }
  void on_post(bp_cookie cookie) override;
  void on_timer(bp_cookie timer) override;
  void on_fd(bp_cookie watch, std::uint32_t happened) override;
  void on_blocking_done(bp_cookie cookie) override;

 private:
  enum class Phase { kNew, kStarting, kRunning, kFailed, kStopping, kDestroyed };

  void handle(Message& message);
  void start();
  void refuse(const std::string& text);
  // Takes the next step of stopping or giving up, if it can be taken now.
  void advance();
  void destroy();

  void handle_request(bp_op op, const Request& request);
  void handle_part(bp_op op, const Part& part);
  void handle_data(bp_op op, const Data& data);
  void handle_ended(bp_op op, op::End reason);
  void handle_config(std::uint64_t generation, const std::string& json);
  const bp_plugin_http* http() const { return extensions_.table<bp_plugin_http>(BP_EXT_HTTP); }
  void tell_writable(bp_op op);
  void handle_demand(std::uint64_t feed, const Demand& demand);
  void handle_item(std::uint64_t subscription, const Item& item);

  // Calls into the plugin: noted for the watch, and nothing thrown gets further than here. False if it threw.
  template <class Function>
  bool call(Callback callback, std::uint32_t route, Function function);
  void threw(Callback callback);

  const Settings settings_;
  const base::Clock& clock_;
  PluginQueue& from_host_;
  HostQueue& to_host_;
  Busy& busy_;
  Port* const port_;
  LogGate log_gate_;
  MetricNames metric_names_;
  OpStates states_;
  FeedStates feeds_;
  Questions questions_;
  HostTables tables_;

  const bp_plugin* plugin_ = nullptr;
  PluginExtensions extensions_;
  RequestView view_;
  std::vector<Message> batch_;
  Phase phase_ = Phase::kNew;
  bool stop_wanted_ = false;
  std::uint64_t escapes_ = 0;

  // Set by done() on any thread; the plugin's thread acts on them.
  enum class Answered { kNo, kYes, kRefused };
  std::atomic<Answered> start_answered_{Answered::kNo};
  std::atomic<bool> stop_answered_{false};
  std::atomic<bool> attention_{false};

  PluginLoop loop_;  // last: its pool's threads may still call host functions while it is destroyed
};

}  // namespace backplane::link
