// One plugin instance as the host sees it: its state with a reason, the life that serves its routes, the one that comes
// up to take its place, and those that drain. I/O thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "link/wire/settings.hpp"
#include "op/operation.hpp"
#include "plugin/config_change.hpp"
#include "plugin/life.hpp"
#include "plugin/lives.hpp"
#include "plugin/manifest/manifest.hpp"
#include "plugin/restarts.hpp"
#include "plugin/state.hpp"

namespace backplane::plugin {

class Instance final : private Life::Owner {
 public:
  struct Identity {
    std::string name;
    std::string plugin;
    std::string mount;
  };
  // What an instance runs with. A process can be replaced by one with another.
  struct Version {
    std::shared_ptr<const Manifest> manifest;  // null if the manifest itself was refused
    base::Secret config_json;                  // as it is given to the plugin first
    config::Isolation isolation = config::Isolation::kThread;
    link::Settings settings;
    std::filesystem::file_time_type library_time = {};  // of the file that it was loaded from
  };
  using Done = ConfigChange::Done;
  // Hears what operators should find later: "plugin.crashed" or, after too many, "plugin.disabled", and why.
  using Notice = std::function<void(std::string_view event, const std::string& instance, const std::string& text)>;

  // Is told when another life, or none, answers from now on, or the same with another configuration.
  using Changed = std::function<void(const std::string& instance)>;

  Instance(Identity identity, Version version, const base::Clock& clock, feed::Feeds& feeds, Notice notice = {},
           Changed changed = {});
  ~Instance() override;

  // Gives it no life: the reason stays for operators.
  void refuse(std::string reason);
  // Brings the plugin up. `settled` is called once: it runs, or it does not.
  void start(LinkFactory make_link, std::function<void()> settled);

  // Answers an operation of that route of that manifest: by the plugin, or with 503 in the route's style where it is
  // not running, blocked or full.
  void handle(const Manifest& manifest, std::size_t route, const std::shared_ptr<op::Operation>& operation);

  // Ends its operations (STOPPING), then stops it. `stopped(true)` is called once: it is destroyed; `stopped(false)`:
  // it overran kPluginStopMs, its thread is still inside, and the process should end without cleaning up.
  void stop(std::function<void(bool clean)> stopped);

  // Gives the plugin a new configuration. `done` is called once: with nothing if it is applied, else with what the
  // operator should know.
  void configure(base::Secret config_json, Done done);

  // Brings a process of this version up beside the one that serves, calls `publish` (which may still refuse it), and
  // lets the new one serve and the old one drain. Where the new one does not come up, the old one stays.
  using Publish = std::function<std::optional<base::Problem>(const std::shared_ptr<const Manifest>&)>;
  void replace(Version next, LinkFactory make_link, Publish publish, Done done);

  // Is called in place of a restart after a crash where another file has taken the plugin's name.
  void on_new_file(std::function<void()> renew) { renew_ = std::move(renew); }
  // Starts one that waits for its restart.
  void start_again();

  // For the next start of one that is down.
  void set_config(base::Secret config_json);

  // Stops the plugin and keeps it down. `done` is called when it is.
  void disable(Done done);
  // Starts one that is down: disabled, refused at its start, or waiting for its restart.
  void enable(Done done);

  // Looks at deadlines, heartbeats, blocked threads and restarts that are due. Call every kTickMs.
  void tick();

  const Identity& identity() const { return identity_; }
  const std::string& name() const { return identity_.name; }
  const Version& version() const { return version_; }
  const Manifest* manifest() const { return version_.manifest.get(); }
  State state() const;
  // For operators; empty if there is nothing to say.
  std::string reason() const;
  // Whether its routes are live.
  bool serving() const { return state() == State::kRunning || state() == State::kDegraded; }

  std::size_t unanswered() const { return lives_.live() ? lives_.live()->bridge().unanswered() : 0; }
  std::size_t streams() const { return lives_.live() ? lives_.live()->bridge().streams() : 0; }
  // Over all lives.
  link::BridgeCounts counts() const { return lives_.counts(); }
  std::uint64_t crashes() const { return restarts_.ends(); }
  pid_t process() const { return lives_.live() ? lives_.live()->link().process() : 0; }
  std::uint64_t unknown_frames() const { return lives_.live() ? lives_.live()->link().unknown_frames() : 0; }
  bool owns_process(pid_t pid) const { return lives_.owns_process(pid); }
  const std::vector<link::SandboxLayer>& layers() const { return layers_; }
  const std::map<std::uint64_t, link::Metric>& metrics() const { return metrics_; }
  // In the manifest's order, also while nobody writes to them.
  std::vector<feed::Feed*> own_feeds() const;

 private:
  void on_life_started(Life& life, std::optional<std::string> refused) override;
  void on_life_ended(Life& life, std::optional<std::string> lost) override;
  void on_life_stuck(Life& life, std::string why) override;
  void on_life_state(Life& life, link::State state) override;
  void on_life_configured(Life& life, std::uint64_t generation, const link::Outcome& outcome) override;
  void on_life_metric(Life& life, std::uint64_t number, link::Metric metric) override;

  void begin_life();
  std::unique_ptr<Life> make_life(const link::Settings& settings);
  bool has_new_file() const;
  void live(bool degraded);
  void crashed(std::string reason);
  void take_over();
  void keep_old(base::Problem problem);
  void over();
  void end_readers();
  // The same for the feeds that the next version no longer has.
  void end_readers_without(const Version& next);
  base::Problem refused_at_load() const;
  // A problem for whoever asked; the plugin is there, and cannot do it now.
  base::Problem unavailable(std::string text) const;
  base::Problem being_moved() const;
  void notice(std::string_view event, const std::string& text) const;
  void changed() const;

  const Identity identity_;
  Version version_;
  const base::Clock& clock_;
  feed::Feeds& feeds_;
  const Notice notice_;
  const Changed changed_;
  std::function<void()> renew_;
  State state_ = State::kCreated;  // without kBlocked, which the link knows
  std::string reason_;
  bool reported_blocked_ = false;
  bool degraded_at_start_ = false;
  bool started_once_ = false;
  LinkFactory make_link_;
  Restarts restarts_;
  std::function<void()> settled_;
  std::function<void(bool)> stopped_;
  bool disabling_ = false;  // it is to stay down once its life is over
  Done down_;               // of disable, while somebody waits for that
  Done up_;                 // of enable
  ConfigChange config_change_;
  std::map<std::uint64_t, link::Metric> metrics_;
  std::vector<link::SandboxLayer> layers_;

  // What the process that comes up brings with it.
  struct Next {
    Version version;
    Publish publish;
    Done done;
    link::State said;
    std::map<std::uint64_t, link::Metric> metrics;
  };
  std::optional<Next> next_;
  Lives lives_;  // last: what they call is still there when they go
};

}  // namespace backplane::plugin
