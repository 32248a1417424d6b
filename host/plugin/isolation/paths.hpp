// Which paths a plugin in a process of its own may touch: how they lie to each other, what leads to a folder that is
// the host's alone, and what an owner grants by naming it in the plugin's config.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/json/config_check.hpp"
#include "link/wire/settings.hpp"

namespace backplane::plugin {

// Whether `inner` is `outer` or lies below it, as the two are written. Both absolute and normalised.
bool covers(std::string_view outer, std::string_view inner);

// Whether `path` is `folder`, or lies above or below it, with all links followed. Also where that cannot be found out.
bool reaches(const std::filesystem::path& path, const std::filesystem::path& folder);

// Whether any device or path of them does. Links may have changed since the plugin was found: ask again before each
// start.
bool reaches(const link::SandboxSettings& sandbox, const std::filesystem::path& folder);

// Adds the files and devices that an owner names in a plugin's config to what its process may touch: the manifest asks
// for them by marking the value, and the owner grants them by writing it. Problems: a path that is not absolute, or
// that leads to `state_dir` (where that is not empty).
std::vector<base::Problem> give_config_paths(const std::vector<config::ConfigPath>& paths,
                                             const std::filesystem::path& state_dir, link::SandboxSettings& sandbox);

}  // namespace backplane::plugin
