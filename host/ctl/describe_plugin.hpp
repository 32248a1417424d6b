// `backplanectl plugin describe`: what a plugin offers and asks for, by its manifest alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "plugin/manifest/manifest.hpp"

namespace backplane::ctl {

// `file` is <id>.json, or <id>.so with that beside it. Prints the description, or the manifest as it stands, to stdout;
// every problem of the manifest with its place to stderr. Returns the exit status.
int describe_plugin(const std::filesystem::path& file, bool json);

// A manifest in words, for the owner who decides whether to install the plugin: what it is; its routes and scopes; what
// it asks for and the YAML that grants exactly that; the keys of its config. Wrapped to the terminal's width if that is
// not 0.
std::string plugin_description(const plugin::Manifest& manifest, std::size_t width);

}  // namespace backplane::ctl
