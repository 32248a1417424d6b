#include "runner/sandbox.hpp"

#include <malloc.h>
#include <unistd.h>

#include <utility>

#include "runner/capabilities.hpp"
#include "runner/files.hpp"
#include "runner/landlock.hpp"
#include "runner/no_new_privileges.hpp"
#include "runner/own_user.hpp"
#include "runner/process_limits.hpp"
#include "runner/sanitizers.hpp"
#include "runner/system_calls.hpp"

namespace backplane::runner {
namespace {

using Layers = std::vector<link::SandboxLayer>;

// Each step leaves what the next one needs: the user changes while there are capabilities, these go while system calls
// do, and the filter, which forbids all of that, comes last.
base::Checked<Layers> enter(const link::SandboxSettings& settings, const SandboxFiles& files,
                            link::SystemCallNote* note) {
  const pid_t daemon = ::getppid();
  Layers layers;
  auto limits = limit_process(settings.memory_bytes_max);
  if (!limits) return limits.error();
  layers.push_back(std::move(*limits));
  auto user = become_user(settings);
  if (!user) return user.error();
  layers.push_back(std::move(*user));
  if (const auto tied = tie_to_daemon(daemon); !tied) return tied.error();
  auto privileges = forbid_new_privileges();
  if (!privileges) return privileges.error();
  layers.push_back(std::move(*privileges));
  auto capabilities = drop_capabilities(settings.capabilities);
  if (!capabilities) return capabilities.error();
  layers.push_back(std::move(*capabilities));
  const int landlock = landlock_version();
  layers.push_back(restrict_files(landlock, settings, files));
  // The daemon's user may read the daemon's keys: one of the two must stand between.
  if (!layers.back().active && settings.uid < 0) {
    return base::problem(base::Error::kUnsupported, "the sandbox cannot keep the plugin from the daemon's files: " +
                                                        layers.back().text + " (`user:` in its YAML)");
  }
  auto calls = filter_system_calls(allowances(settings, landlock >= kTruncateVersion), note);
  if (!calls) return calls.error();
  layers.push_back(std::move(*calls));
  return layers;
}

}  // namespace

base::Checked<Layers> enter_sandbox(const link::SandboxSettings& settings, const SandboxFiles& files, int link_fd,
                                    link::SystemCallNote* note) {
  close_inherited_descriptors(link_fd);
  leave_out_leak_check();
  auto layers = enter(settings, files, note);
  ::malloc_trim(0);  // what the making of the filter took
  return layers;
}

}  // namespace backplane::runner
