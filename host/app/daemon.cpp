#include "app/daemon.hpp"

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "app/app.hpp"
#include "app/host_routes.hpp"
#include "base/log.hpp"
#include "config/load.hpp"
#include "plugin/candidate.hpp"

namespace backplane::app {
namespace {

// Every mistake of settings that could be read.
std::vector<base::Problem> check_settings(const AppOptions& options, const config::Settings& settings) {
  auto host_routes = host_route_patterns(settings);
  if (!host_routes) return {host_routes.error()};
  auto problems =
      plugin::check_plugins(settings.plugins, settings.plugin_dirs, options.state_dir, std::move(*host_routes));
  if (const auto peers = unix_peers(settings); !peers) problems.push_back(peers.error());
  return problems;
}

}  // namespace

int run_daemon(const AppOptions& options) {
  const auto refuse = [](const std::vector<base::Problem>& problems) {
    report(problems, base::Level::kError);
    return 1;
  };
  base::open_log(base::Level::kInfo);
  auto log_lines = std::make_unique<feed::LogLines>();  // the first line is in the feed as well
  config::LoadOutcome loaded = config::load(options.config_file);
  if (!loaded.settings) return refuse(loaded.problems);
  base::set_log_level(loaded.settings->log.level);
  auto found = read_start_up(options, *loaded.settings);
  if (!found) return refuse({found.error()});
  const base::LogThread log_thread;  // from here on there are clients, whom a log that nobody reads must not stop
  found->log_lines = std::move(log_lines);
  auto listeners = std::move(found->listeners);
  App app(options, std::move(*loaded.settings), std::move(*found));
  if (auto listening = app.listen(std::move(listeners)); !listening) return refuse({listening.error()});
  app.publish_routes();  // before the plugins': one that collides with the host is refused, not the host
  app.load_plugins();
  return app.run();
}

int check_configuration(const AppOptions& options) {
  const config::LoadOutcome loaded = config::load(options.config_file);
  const auto problems = loaded.settings ? check_settings(options, *loaded.settings) : loaded.problems;
  for (const base::Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.message().c_str());
  if (problems.empty()) std::printf("%s: no mistakes found\n", options.config_file.c_str());
  return problems.empty() ? 0 : 1;
}

}  // namespace backplane::app
