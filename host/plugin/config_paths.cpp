#include "plugin/config_paths.hpp"

#include "plugin/path_reach.hpp"

namespace backplane::plugin {

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
