// Decides where a plugin runs, on a thread of the daemon or in a process of its own, and what it may touch there.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "link/wire/settings.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::plugin {

struct IsolationDecision {
  config::Isolation isolation = config::Isolation::kThread;
  link::SandboxSettings sandbox;        // of a process
  std::vector<std::string> feeds;       // of others that it may subscribe to
  std::vector<base::Problem> problems;  // empty: it may run so
};

// The YAML decides; where it does not, plugins of the host's own folder run on a thread and all others in a process.
// Looks up the system user, so it may block. An empty `state_dir` guards nothing.
IsolationDecision decide_isolation(const config::PluginSettings& settings, const ManifestNeeds& needs, bool in_host_dir,
                                   const std::filesystem::path& state_dir);

}  // namespace backplane::plugin
