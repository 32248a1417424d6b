#include "runner/files.hpp"

#include <errno.h>

#include <string>
#include <system_error>

#include "runner/file_rules.hpp"

namespace backplane::runner {
namespace {

constexpr char kWhatFollows[] = "; files are guarded only by the user's rights: give the plugin a user of its own";

// Without links in it, as the kernel names what is open.
std::string real_path(const std::filesystem::path& path) {
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);
  return error ? path.string() : real.string();
}

// What the settings grant; a path that cannot be granted is named in `missing`.
void allow_granted(FileRules& rules, const link::SandboxSettings& settings, const std::string& forbidden,
                   std::string& missing) {
  const auto allow = [&](const std::string& path, std::uint64_t rights) {
    const bool allowed =
        forbidden.empty() ? rules.allow(path.c_str(), rights) : rules.allow_outside(forbidden, path.c_str(), rights);
    if (!allowed) missing += (missing.empty() ? "" : ", ") + path;
  };
  for (const std::string& device : settings.devices) {
    allow(device, right::kReadFile | right::kWriteFile | right::kTruncate | right::kIoctlDevice);
  }
  for (const link::PathGrant& grant : settings.paths) {
    allow(grant.path, grant.write ? right::kRead | right::kWrite : right::kRead);
  }
}

}  // namespace

link::SandboxLayer restrict_files(int version, const link::SandboxSettings& settings, const SandboxFiles& files) {
  link::SandboxLayer layer{.name = "files"};
  const auto inactive = [&layer](const std::string& why) {
    layer.text = why + kWhatFollows;
    return layer;
  };
  if (version <= 0) return inactive("this kernel has no Landlock, or was started without it");
  FileRules rules(version);
  if (!rules.valid()) return inactive("Landlock refused the rules: " + std::generic_category().message(errno));
  allow_system_files(rules);
  if (settings.network) allow_network_files(rules);
  rules.allow(files.library.c_str(), right::kReadFile | right::kExecute);
  if (!files.manifest_or_empty.empty()) rules.allow(files.manifest_or_empty.c_str(), right::kReadFile);
  if (!files.data_dir.empty()) rules.allow(files.data_dir.c_str(), right::kRead | right::kWrite);
  std::string missing;
  allow_granted(rules, settings, real_path(files.state_dir), missing);
  if (!rules.enforce()) return inactive("Landlock was refused: " + std::generic_category().message(errno));
  layer.active = true;
  layer.text =
      "only the system's libraries, its own files, and what was granted (Landlock " + std::to_string(version) + ")";
  if (!missing.empty())
    layer.text += "; not granted, for they are not there or lead to the state directory: " + missing;
  return layer;
}

}  // namespace backplane::runner
