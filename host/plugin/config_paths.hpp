// The files and devices that an owner names in a plugin's config: the manifest asks for them by marking the value, and
// the owner grants them by writing it.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "config/json_schema.hpp"
#include "link/wire/settings.hpp"

namespace backplane::plugin {

// Adds them to what a plugin in a process of its own may touch. Problems: a path that is not absolute, or that leads to
// `state_dir` (where that is not empty).
std::vector<base::Problem> give_config_paths(const std::vector<config::ConfigPath>& paths,
                                             const std::filesystem::path& state_dir, link::SandboxSettings& sandbox);

}  // namespace backplane::plugin
