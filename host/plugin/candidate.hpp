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
#include "link/wire/settings.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::plugin {

struct Candidate {
  std::string instance;
  std::string plugin;
  std::string mount;
  std::shared_ptr<const Manifest> manifest;  // null if it was not found or is wrong
  std::filesystem::path library;
  config::Isolation isolation = config::Isolation::kThread;
  link::SandboxSettings sandbox;        // of a process
  std::vector<std::string> feeds;       // of others that it may subscribe to
  base::Secret config_json;             // with the defaults filled in
  std::vector<base::Problem> problems;  // empty: it may be loaded
};

// Finds each plugin in the folders, in their order, checks manifest, config and single_instance, and decides isolation
// and grants (see isolation.hpp). No plugin is given what leads to `state_dir`.
std::vector<Candidate> find_candidates(const std::vector<config::PluginSettings>& plugins,
                                       const std::vector<std::filesystem::path>& plugin_dirs,
                                       const std::filesystem::path& state_dir);

// All that can be known without running plugin code: what find_candidates finds, and routes of two plugins, or of a
// plugin and the host, that get in each other's way. For `--check`. Host routes need no handlers here.
std::vector<base::Problem> check_plugins(const std::vector<config::PluginSettings>& plugins,
                                         const std::vector<std::filesystem::path>& plugin_dirs,
                                         const std::filesystem::path& state_dir, std::vector<http::Route> host_routes);

// What its link is told of it, before anything of the daemon's own: its names, file, manifest and rights. It has a
// manifest.
link::Settings declared_settings(const Candidate& candidate);

}  // namespace backplane::plugin
