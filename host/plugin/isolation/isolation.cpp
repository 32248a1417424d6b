#include "plugin/isolation/isolation.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "config/limits.hpp"
#include "plugin/isolation/grants.hpp"
#include "plugin/isolation/system_user.hpp"

namespace backplane::plugin {
namespace {

using config::Isolation;

// A limit that is written and not in force is worse than none.
std::vector<base::Problem> check_thread(const config::PluginSettings& settings) {
  std::vector<base::Problem> problems;
  const auto refuse = [&](std::string_view key, const std::string& where) {
    problems.push_back(base::problem(
        base::Error::kInvalid,
        fmt::format("{}: \"{}\" has no effect on a plugin that runs within the daemon; write `isolation: process`, or "
                    "remove it",
                    settings.instance, key),
        where));
  };
  if (!settings.user.empty()) refuse("user", settings.user_where);
  if (settings.memory_bytes_max) refuse("memory_max", settings.where);
  if (settings.grants) refuse("grants", settings.grants->where);
  return problems;
}

void become_user(const config::PluginSettings& settings, IsolationDecision& decision) {
  if (settings.user.empty()) return;
  const auto refuse = [&](base::Error code, const std::string& text) {
    decision.problems.push_back(base::problem(code, settings.instance + ": user: " + text, settings.user_where));
  };
  const auto user = find_system_user(settings.user);
  if (!user) {
    return refuse(base::Error::kIo,
                  fmt::format("\"{}\" cannot be looked up: {}", settings.user, user.error().message()));
  }
  if (!*user) {
    return refuse(base::Error::kNotFound,
                  fmt::format("this system has no user \"{0}\"; make it with `useradd --system --shell "
                              "/usr/sbin/nologin {0}`, or name another",
                              settings.user));
  }
  decision.sandbox.uid = (*user)->uid;
  decision.sandbox.gid = (*user)->gid;
  decision.sandbox.groups = (*user)->groups;
}

}  // namespace

IsolationDecision decide_isolation(const config::PluginSettings& settings, const ManifestNeeds& needs, bool in_host_dir,
                                   const std::filesystem::path& state_dir) {
  IsolationDecision decision;
  decision.isolation = settings.isolation.value_or(in_host_dir ? Isolation::kThread : Isolation::kProcess);
  if (decision.isolation == Isolation::kThread) {
    decision.problems = check_thread(settings);
    decision.feeds = needs.feeds;
    return decision;
  }
  become_user(settings, decision);
  decision.sandbox.memory_bytes_max = settings.memory_bytes_max.value_or(config::limits::kPluginMemoryBytesDefault);
  auto problems = give_grants(settings, needs, in_host_dir, state_dir, decision.sandbox, decision.feeds);
  for (base::Problem& problem : problems) decision.problems.push_back(std::move(problem));
  return decision;
}

}  // namespace backplane::plugin
