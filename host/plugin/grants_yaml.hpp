// Grants as the owner writes them.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace backplane::plugin {

// `grants: { devices: [/dev/video0], network: true }`: one line of YAML, without what is empty.
std::string grants_yaml(const config::PluginGrants& grants);

}  // namespace backplane::plugin
