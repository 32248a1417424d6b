#include "plugin/isolation/paths.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

namespace backplane::plugin {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> followed(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);  // one that does not exist would else stay relative
  if (error) return std::nullopt;
  const fs::path real = fs::weakly_canonical(absolute, error).lexically_normal();
  if (error) return std::nullopt;
  return real.has_filename() ? real : real.parent_path();
}

}  // namespace

bool covers(std::string_view outer, std::string_view inner) {
  if (outer == "/" || outer == inner) return true;
  return inner.size() > outer.size() && inner.substr(0, outer.size()) == outer && inner[outer.size()] == '/';
}

bool reaches(const fs::path& path, const fs::path& folder) {
  const auto real_path = followed(path);
  const auto real_folder = followed(folder);
  if (!real_path || !real_folder) return true;
  return covers(real_path->native(), real_folder->native()) || covers(real_folder->native(), real_path->native());
}

bool reaches(const link::SandboxSettings& sandbox, const fs::path& folder) {
  return std::any_of(sandbox.devices.begin(), sandbox.devices.end(),
                     [&](const std::string& device) { return reaches(fs::path(device), folder); }) ||
         std::any_of(sandbox.paths.begin(), sandbox.paths.end(),
                     [&](const link::PathGrant& grant) { return reaches(fs::path(grant.path), folder); });
}

std::vector<base::Problem> give_config_paths(const std::vector<config::ConfigPath>& paths,
                                             const std::filesystem::path& state_dir, link::SandboxSettings& sandbox) {
  using Access = config::ConfigPath::Access;
  std::vector<base::Problem> problems;
  for (const config::ConfigPath& named : paths) {
    const std::filesystem::path path = std::filesystem::path(named.path).lexically_normal();
    const auto refuse = [&](const std::string& why) {
      problems.push_back(base::problem(base::Error::kInvalid, named.name + ": " + why, named.where));
    };
    if (!path.is_absolute()) {
      refuse("a plugin in a process of its own needs the absolute path");
    } else if (!state_dir.empty() && reaches(path, state_dir)) {
      refuse("the path leads to the daemon's state directory, which no plugin is given");
    } else if (named.access == Access::kDevice) {
      sandbox.devices.push_back(path.string());
    } else {
      sandbox.paths.push_back({path.string(), named.access == Access::kWrite});
    }
  }
  return problems;
}

}  // namespace backplane::plugin
