// All plugin instances of the daemon: loads, starts, watches, reconfigures and stops them. A plugin that fails is
// refused or reported; it never keeps the daemon or another plugin from running. I/O thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "http/router.hpp"
#include "link/thread_link.hpp"
#include "plugin/candidate.hpp"
#include "plugin/instance.hpp"

namespace backplane::plugin {

class Supervisor {
 public:
  struct Options {
    LinkFactory make_link;  // see thread_links()
    std::vector<std::filesystem::path> plugin_dirs;
    std::filesystem::path data_dir;                         // <data_dir>/<instance> belongs to an instance
    std::vector<std::pair<std::string, std::string>> info;  // answers of backplane.host/1, without "instance"
  };

  Supervisor(const base::Clock& clock, http::Router& router, Options options);
  ~Supervisor();

  // Checks and loads every plugin and puts its routes into the router, in the order of the configuration. The problems
  // are why plugins were refused; they are logged as well. Once, before start.
  std::vector<base::Problem> load(const std::vector<config::PluginSettings>& plugins);

  // Starts all that were loaded, at once; `settled` is called when each runs or was refused.
  void start(std::function<void()> settled);

  // Gives running plugins their new configuration. `done` gets what could not be applied and why; new, removed and
  // moved instances need a restart of the daemon, and it says so.
  void reload(const std::vector<config::PluginSettings>& plugins, std::function<void(std::vector<base::Problem>)> done);

  // Ends all operations and stops all plugins, at once. `stopped(true)` when all are destroyed. `stopped(false)` after
  // kPluginStopMs where a plugin's thread is still inside it: close the store and leave with _exit, for that thread
  // uses what a normal exit takes down.
  void stop(std::function<void(bool clean)> stopped);

  // Call every kTickMs.
  void tick();

  const std::vector<std::unique_ptr<Instance>>& instances() const { return instances_; }
  // The scopes that the loaded plugins declare, with the role that gets each by default.
  std::vector<ManifestScope> scopes() const;

 private:
  void load_one(Candidate candidate, std::vector<base::Problem>& problems);

  struct Ready {
    Instance* instance;
    link::Settings settings;
  };

  const base::Clock& clock_;
  http::Router& router_;
  const Options options_;
  std::vector<std::unique_ptr<Instance>> instances_;
  std::vector<Ready> ready_;  // loaded and not started
};

// Makes a thread for each instance.
LinkFactory thread_links(const base::Clock& clock, link::Executor executor, base::Turn& turn);

}  // namespace backplane::plugin
