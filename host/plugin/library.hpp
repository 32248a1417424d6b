// Loads a plugin's file and checks what it says of itself. Plain dlopen: two calls are all we need of it, and a library
// is never closed (dlclose does not reliably unload C++), which is what Boost.DLL would do for us.
#pragma once

#include <backplane/plugin.h>

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace backplane::plugin {

// The entry of <id>.so, valid for the life of the process. A problem names the file: it is missing, not a shared
// object, lacks the symbol, was built for another ABI, has an entry that is too short, or embeds a manifest other than
// `manifest_bytes`. Loading runs the file's own initialisers. [start-up thread]
base::Checked<const bp_plugin_entry*> load_library(const std::filesystem::path& file, std::string_view manifest_bytes);

}  // namespace backplane::plugin
