// Which of the things that a manifest asks for a plugin in a process of its own is given: by the YAML, or by trust in
// the host's own plugins.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"
#include "link/wire/settings.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::plugin {

// Fills the devices, paths, capabilities and network of `sandbox`, and `feeds` with those it may subscribe to. A plugin
// of the host's own without `grants` is given what it asks for, any other only what the manifest and the YAML both
// name. A grant covers the need that it equals or that lies below it, and the need is what is given. The problems, each
// with its remedy: a need that is not optional and not granted, a grant that the manifest does not ask for, and
// whatever leads to `state_dir` (where that is not empty).
std::vector<base::Problem> give_grants(const config::PluginSettings& settings, const ManifestNeeds& needs,
                                       bool in_host_dir, const std::filesystem::path& state_dir,
                                       link::SandboxSettings& sandbox, std::vector<std::string>& feeds);

// Grants as the owner writes them, `grants: { devices: [/dev/video0], network: true }`: one line of YAML, without what
// is empty.
std::string grants_yaml(const config::PluginGrants& grants);

}  // namespace backplane::plugin
