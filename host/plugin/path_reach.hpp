// How paths lie to each other, and whether what a plugin may touch leads to a folder that is the host's alone.
#pragma once

#include <filesystem>
#include <string_view>

#include "link/wire/settings.hpp"

namespace backplane::plugin {

// Whether `inner` is `outer` or lies below it, as the two are written. Both absolute and normalised.
bool covers(std::string_view outer, std::string_view inner);

// Whether `path` is `folder`, or lies above or below it, with all links followed. Also where that cannot be found out.
bool reaches(const std::filesystem::path& path, const std::filesystem::path& folder);

// Whether any device or path of them does. Links may have changed since the plugin was found: ask again before each
// start.
bool reaches(const link::SandboxSettings& sandbox, const std::filesystem::path& folder);

}  // namespace backplane::plugin
