// All plugin instances of the daemon: loads, starts, watches, reconfigures, replaces and stops them. A plugin that
// fails is refused or reported; it never keeps the daemon or another plugin from running. I/O thread only.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "plugin/candidate.hpp"
#include "plugin/instance.hpp"

namespace backplane::plugin {

class Supervisor {
 public:
  struct Options {
    LinkFactory thread_link;  // see links.hpp
    LinkFactory process_link;
    std::vector<std::filesystem::path> plugin_dirs;
    std::filesystem::path state_dir;                        // <state_dir>/plugins/<instance> belongs to an instance
    std::vector<std::pair<std::string, std::string>> info;  // answers of backplane.host/1, without "instance"
    Instance::Notice notice = {};                           // for the audit
    Instance::Changed changed = {};                         // copies of its answers are old
    std::function<void()> scopes_changed = {};              // a replaced plugin has brought others
  };

  Supervisor(const base::Clock& clock, http::Router& router, feed::Feeds& feeds, Options options);
  ~Supervisor();

  // Checks and loads every plugin and puts its routes into the router, in the order of the configuration. The problems
  // are why plugins were refused; they are logged as well. Once, before start.
  std::vector<base::Problem> load(const std::vector<config::PluginSettings>& plugins);

  // How refusals look on the plugins' routes, if not as their style does without options (see routes_of). From the
  // configuration, and again after it was reloaded.
  void set_error_styles(std::vector<exchange::ErrorStyle> styles);

  // Starts all that were loaded, at once; `settled` is called when each runs or does not.
  void start(std::function<void()> settled);

  // Gives running plugins their new configuration, and replaces those in processes of their own that have another file
  // or other grants, or that cannot take the configuration as they run. `done` gets what could not be applied and why;
  // new, removed and moved instances need a restart of the daemon, and it says so.
  void reload(const std::vector<config::PluginSettings>& plugins, std::function<void(std::vector<base::Problem>)> done);

  // For operators. Each calls `done` once; a name that nobody has is kNotFound.
  using Done = Instance::Done;
  // Reads manifest and file again and replaces a process by a new one, which serves before the old one goes. A plugin
  // on a thread is stopped and started: the same code, for a library is never loaded twice.
  void restart(std::string_view instance, Done done);
  // Until it is enabled, or the daemon starts anew.
  void disable(std::string_view instance, Done done);
  void enable(std::string_view instance, Done done);

  // Ends all operations and stops all plugins, at once. `stopped(true)` when all are destroyed. `stopped(false)` after
  // kPluginStopMs where a plugin's thread is still inside it: close the store and leave with _exit, for that thread
  // uses what a normal exit takes down.
  void stop(std::function<void(bool clean)> stopped);

  // Call every kTickMs.
  void tick();

  const std::vector<std::unique_ptr<Instance>>& instances() const { return instances_; }
  // Null if nobody has that name.
  Instance* find(std::string_view instance) const;
  // Whether it is the process of a plugin.
  bool owns_process(pid_t pid) const;
  // The scopes that the loaded plugins declare, with the role that gets each by default.
  std::vector<ManifestScope> scopes() const;

 private:
  using Problems = std::vector<base::Problem>;
  void load_one(Candidate candidate, Problems& problems);
  const LinkFactory& link_for(config::Isolation isolation) const;
  Instance::Version version_of(const Candidate& candidate) const;
  // What of the configuration only a new daemon can give this instance; nothing: it may go on with the candidate.
  static std::optional<base::Problem> not_the_same(const Instance& instance, const Candidate& candidate);
  void reload_one(Instance& instance, Candidate candidate, const Done& done);
  void replace(Instance& instance, Instance::Version version, Done done);
  std::vector<Candidate> candidates() const;

  const base::Clock& clock_;
  http::Router& router_;
  feed::Feeds& feeds_;
  const Options options_;
  std::vector<config::PluginSettings> settings_;  // as last configured
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<exchange::ErrorStyle> styles_;
  std::vector<Instance*> ready_;  // loaded and not started
};

}  // namespace backplane::plugin
