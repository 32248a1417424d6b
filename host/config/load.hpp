// Loads the configuration: the main file, its roles and what it includes. Used at start, for --check and on SIGHUP.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"

namespace backplane::config {

struct LoadOutcome {
  std::optional<Settings> settings;     // only if there is no problem at all
  std::vector<base::Problem> problems;  // by place, at most kConfigProblemsMax; where = file:line:column
};

// Relative paths of roles, include and plugin_dirs are taken from the folder of `file`; those of certificates and
// Unix sockets stay relative, for the state directory. Reads files only; a plugin's own config is not judged here
// (json/config_check.hpp does that, against its manifest).
LoadOutcome load(const std::filesystem::path& file);

}  // namespace backplane::config
