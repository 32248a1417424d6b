#include "plugin/runner_path.hpp"

#include <filesystem>

namespace backplane::plugin {

std::string runner_path() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / "backplane-runner";
  if (!error && std::filesystem::exists(beside, error)) return beside.string();
  return BACKPLANE_RUNNER;
}

}  // namespace backplane::plugin
