// One life of a plugin: from its start to its end over one link, with the operations that it has open. I/O thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "feed/feed.hpp"
#include "link/feed_bridge.hpp"
#include "link/link.hpp"
#include "link/op_bridge.hpp"
#include "link/wire/settings.hpp"
#include "op/operation.hpp"

namespace backplane::plugin {

using LinkFactory = std::function<std::unique_ptr<link::Link>(link::Settings settings, link::Receiver& receiver)>;

class Life final : public link::Receiver {
 public:
  // Who lives it. Each call may destroy the life.
  class Owner {
   public:
    virtual ~Owner() = default;
    // Its start is answered: with nothing if it runs, or why it does not; then it stops by itself, and ends.
    virtual void on_life_started(Life& life, std::optional<std::string> refused) = 0;
    // It is over. `lost`: its process ended that was not asked to, and why.
    virtual void on_life_ended(Life& life, std::optional<std::string> lost) = 0;
    // It has not stopped in time. The thread of a plugin cannot be ended; nothing more comes of this life.
    virtual void on_life_stuck(Life& life, std::string why) = 0;
    virtual void on_life_state(Life& life, link::State state) = 0;
    virtual void on_life_configured(Life& life, std::uint64_t generation, const link::Outcome& outcome) = 0;
    virtual void on_life_metric(Life& life, std::uint64_t number, link::Metric metric) = 0;
  };

  Life(Owner& owner, const base::Clock& clock, feed::Feeds& feeds, const LinkFactory& make_link,
       const link::Settings& settings);
  ~Life() override;

  void start();
  // Ends its operations (STOPPING), then stops it. Again: nothing.
  void stop();
  // What it publishes counts from now on, in place of what an earlier life did.
  void become_writer() { feeds_.become_writer(); }
  // Takes no more operations, leaves those that read its feeds to the next life, and stops once the last has ended, or
  // when `within_ms` have passed.
  void drain(std::int64_t within_ms);
  // Looks at its deadlines and its heartbeat. May destroy it.
  void tick();

  // False: the plugin has too many open, or takes nothing now.
  bool open(const std::shared_ptr<op::Operation>& operation, const link::OpBridge::Target& target);
  bool configure(std::uint64_t generation, const std::string& json);

  // Its plugin's thread has not come out of stop in time, and may never.
  bool stuck() const { return stuck_; }
  bool running() const { return phase_ == Phase::kRunning; }
  const link::Link& link() const { return *link_; }
  const link::OpBridge& bridge() const { return bridge_; }
  // "blocked in on_request (route do) for 12 s"; empty: it is not.
  std::string blocked_text() const;

  void on_message(link::Message& message) override;

 private:
  enum class Phase { kStarting, kRunning, kDraining, kStopping, kOver };
  void on_started(const link::Outcome& outcome);
  void refuse(std::string reason);
  void lose(std::string reason);
  void break_off();

  Owner& owner_;
  const base::Clock& clock_;
  const std::string name_;
  const std::vector<link::RouteInfo> routes_;
  Phase phase_ = Phase::kStarting;
  bool said_degraded_ = false;
  bool stuck_ = false;
  std::int64_t deadline_ms_ = 0;  // of start, drain or stop; 0: none
  std::unique_ptr<link::Link> link_;
  link::OpBridge bridge_;  // after link_, which it uses
  link::FeedBridge feeds_;
};

}  // namespace backplane::plugin
