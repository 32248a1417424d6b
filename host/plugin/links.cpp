#include "plugin/links.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/log.hpp"
#include "plugin/isolation/paths.hpp"

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

// What was granted was looked at when the configuration was read. Since then a plugin that may write may have put a
// link in the place of something that it was granted.
void keep_out(const std::filesystem::path& state_dir, link::Settings& settings) {
  const auto leads_there = [&](const std::string& path) {
    if (!reaches(std::filesystem::path(path), state_dir)) return false;
    base::log(base::Level::kError, "plugin {}: {} leads to the state directory by now and is not granted any more",
              settings.instance, path);
    return true;
  };
  std::erase_if(settings.sandbox.devices, leads_there);
  std::erase_if(settings.sandbox.paths, [&](const link::PathGrant& grant) { return leads_there(grant.path); });
}

}  // namespace

std::string runner_path() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / "backplane-runner";
  if (!error && std::filesystem::exists(beside, error)) return beside.string();
  return BACKPLANE_RUNNER;
}

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

LinkFactory thread_links(const base::Clock& clock, link::Executor executor, base::Turn& turn) {
  return [&clock, executor = std::move(executor), &turn](link::Settings settings, link::Receiver& receiver) {
    return std::make_unique<link::ThreadLink>(std::move(settings), clock, executor, turn, receiver);
  };
}

LinkFactory process_links(const link::ProcessHost& host, std::filesystem::path state_dir) {
  return [&host, state_dir = std::move(state_dir)](link::Settings settings, link::Receiver& receiver) {
    keep_out(state_dir, settings);
    return std::make_unique<link::ProcessLink>(host, std::move(settings), receiver);
  };
}

}  // namespace backplane::plugin
