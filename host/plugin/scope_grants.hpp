// Which scopes a role has, of all that the host and the plugins know.
#pragma once

#include <string>
#include <vector>

#include "config/roles.hpp"
#include "plugin/manifest/manifest.hpp"

namespace backplane::plugin {

// The scopes of the host's own routes, sorted; a plugin's route may ask for them as well.
const std::vector<std::string>& host_scopes();

// Sorted. What roles.yaml says of a scope decides. Of a plugin's scope that no role but admin is given there, the
// manifest's default role decides: that role and those above it (viewer, operator, admin) have it.
std::vector<std::string> granted_scopes(const config::Roles& roles, const std::string& role,
                                        const std::vector<ManifestScope>& plugin_scopes);

}  // namespace backplane::plugin
