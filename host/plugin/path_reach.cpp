#include "plugin/path_reach.hpp"

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

}  // namespace backplane::plugin
