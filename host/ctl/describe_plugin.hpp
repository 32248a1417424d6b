// `backplanectl plugin describe`: what a plugin offers and asks for, by its manifest alone.
#pragma once

#include <filesystem>

namespace backplane::ctl {

// `file` is <id>.json, or <id>.so with that beside it. Prints the description, or the manifest as it stands, to stdout;
// every problem of the manifest with its place to stderr. Returns the exit status.
int describe_plugin(const std::filesystem::path& file, bool json);

}  // namespace backplane::ctl
