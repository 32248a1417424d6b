// The layer "files": only the system's libraries, the plugin's own files and what its settings grant can be opened.
// A grant holds for the file that is there when the sandbox is entered: where another one takes its name later, it is
// not granted. A folder is granted with all that comes into it.
#pragma once

#include "link/wire/settings.hpp"
#include "runner/landlock.hpp"
#include "runner/sandbox.hpp"

namespace backplane::runner {

// `version` is landlock_version(). Where the kernel has none the layer is inactive and its text says what follows.
link::SandboxLayer restrict_files(int version, const link::SandboxSettings& settings, const SandboxFiles& files);

}  // namespace backplane::runner
