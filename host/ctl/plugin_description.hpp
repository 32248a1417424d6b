// A manifest in words, for the owner who decides whether to install the plugin.
#pragma once

#include <cstddef>
#include <string>

#include "plugin/manifest.hpp"

namespace backplane::ctl {

// What it is; its routes and scopes; what it asks for and the YAML that grants exactly that; the keys of its config.
// Wrapped to the terminal's width where that is not 0.
std::string plugin_description(const plugin::Manifest& manifest, std::size_t width);

}  // namespace backplane::ctl
