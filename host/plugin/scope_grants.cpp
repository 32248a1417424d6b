#include "plugin/scope_grants.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace backplane::plugin {
namespace {

constexpr std::array<std::string_view, 3> kLadder = {"viewer", "operator", "admin"};

// How far up the ladder a role stands; -1 for a role of the owner's own making, which has only what roles.yaml gives
// it.
int rank(std::string_view role) {
  const auto found = std::find(kLadder.begin(), kLadder.end(), role);
  return found == kLadder.end() ? -1 : static_cast<int>(found - kLadder.begin());
}

bool roles_file_decides(const config::Roles& roles, const std::string& scope) {
  const auto names = roles.names();
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name != kLadder.back() && roles.grants(name, scope); });
}

}  // namespace

const std::vector<std::string>& host_scopes() {
  static const std::vector<std::string> scopes = {"api.read",      "audit.read",   "config.reload",
                                                  "health.read",   "metrics.read", "plugins.read",
                                                  "plugins.write", "sessions.own", "users.manage"};
  return scopes;
}

bool is_host_scope(std::string_view scope) {
  return std::binary_search(host_scopes().begin(), host_scopes().end(), scope);
}

std::vector<std::string> granted_scopes(const config::Roles& roles, const std::string& role,
                                        const std::vector<ManifestScope>& plugin_scopes) {
  std::vector<std::string> granted = roles.expand(role, host_scopes());
  for (const ManifestScope& scope : plugin_scopes) {
    const bool by_default = !roles_file_decides(roles, scope.name) && rank(role) >= 0 && rank(role) >= rank(scope.role);
    if (by_default || roles.grants(role, scope.name)) granted.push_back(scope.name);
  }
  std::sort(granted.begin(), granted.end());
  granted.erase(std::unique(granted.begin(), granted.end()), granted.end());
  return granted;
}

}  // namespace backplane::plugin
