// One plugin of the configuration before any of its code runs: where its files lie, its manifest, its checked config.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "http/route.hpp"
#include "plugin/manifest.hpp"

namespace backplane::plugin {

struct Candidate {
  std::string instance;
  std::string plugin;
  std::string mount;
  std::shared_ptr<const Manifest> manifest;  // null where it was not found or is wrong
  std::filesystem::path library;
  base::Secret config_json;             // with the defaults filled in
  std::vector<base::Problem> problems;  // empty: it may be loaded
};

// Finds each plugin in the folders, in their order, and checks manifest, config, isolation and single_instance. A
// plugin from a folder other than the first runs in the daemon's process only where its YAML says `isolation: thread`.
std::vector<Candidate> find_candidates(const std::vector<config::PluginSettings>& plugins,
                                       const std::vector<std::filesystem::path>& plugin_dirs);

// The routes of an instance, below its mount, without handlers.
std::vector<http::Route> declared_routes(const std::string& instance, const std::string& mount,
                                         const Manifest& manifest);

// All that can be known without running plugin code: what find_candidates finds, and routes of two plugins, or of a
// plugin and the host, that get in each other's way. For `--check`. Host routes need no handlers here.
std::vector<base::Problem> check_plugins(const std::vector<config::PluginSettings>& plugins,
                                         const std::vector<std::filesystem::path>& plugin_dirs,
                                         std::vector<http::Route> host_routes);

}  // namespace backplane::plugin
