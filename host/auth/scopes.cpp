#include "auth/scopes.hpp"

#include <algorithm>
#include <utility>

namespace backplane::auth {

Scopes::Scopes(std::vector<std::string> roles, Source source) : roles_(std::move(roles)), source_(std::move(source)) {}

const std::vector<std::string>& Scopes::of(const std::string& role) const {
  static const std::vector<std::string> kNothing;
  if (!knows(role)) return kNothing;
  const auto [entry, fresh] = known_.try_emplace(role);
  if (fresh) {
    std::vector<std::string> scopes = source_(role);
    std::sort(scopes.begin(), scopes.end());
    scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
    entry->second = std::move(scopes);
  }
  return entry->second;
}

bool Scopes::knows(std::string_view role) const {
  return std::find(roles_.begin(), roles_.end(), role) != roles_.end();
}

void Scopes::reload(std::vector<std::string> roles) {
  roles_ = std::move(roles);
  known_.clear();
}

}  // namespace backplane::auth
