#include "plugin/data_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace backplane::plugin {
namespace {

base::Problem failed(const char* what, const std::filesystem::path& folder) {
  return base::problem(base::Error::kIo,
                       std::string("the plugin's data folder cannot be ") + what + ": " + std::strerror(errno),
                       folder.string());
}

bool let_pass(const std::filesystem::path& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && ::chmod(folder.c_str(), (status.st_mode & 07777) | S_IXOTH) == 0;
}

}  // namespace

std::optional<base::Problem> prepare_data_folder(const link::Settings& settings) {
  const std::filesystem::path& folder = settings.data_dir;
  const std::filesystem::path plugins = folder.parent_path();
  if (::mkdir(plugins.c_str(), 0700) != 0 && errno != EEXIST) return failed("made", plugins);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failed("made", folder);
  if (settings.sandbox.uid < 0) return std::nullopt;
  const auto uid = static_cast<uid_t>(settings.sandbox.uid);
  if (::lchown(folder.c_str(), uid, static_cast<gid_t>(settings.sandbox.gid)) != 0) {
    return failed("given to the plugin's user", folder);
  }
  if (!let_pass(plugins) || !let_pass(plugins.parent_path())) return failed("opened to the plugin's user", folder);
  return std::nullopt;
}

}  // namespace backplane::plugin
