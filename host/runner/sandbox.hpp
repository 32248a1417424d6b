// The sandbox of a plugin's process: what is put in force, once and for good, before anything of the plugin is loaded.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "link/wire/settings.hpp"
#include "link/wire/shared_page.hpp"

namespace backplane::runner {

// What the process itself needs, besides what its settings grant.
struct SandboxFiles {
  std::filesystem::path library;            // read
  std::filesystem::path manifest_or_empty;  // read
  std::filesystem::path state_dir;          // no grant may lead there; empty: there is none
  std::filesystem::path data_dir;           // all below it is the plugin's to change, where the folder exists
};

// Puts this process into the sandbox, to be called while it has one thread. The layers as they are in force; a Problem
// where one that must not be missing (limits, user, no new privileges, capabilities, system calls) cannot be: then the
// process may be left half-way in and must end.
// Descriptors other than the standard ones and `link_fd` (-1: none) are closed. `note` may be null; a call that is not
// allowed leaves its number there and ends the process by SIGSYS. A thread that blocks SIGSYS, as libc's functions that
// start programs do, ends without a note.
base::Checked<std::vector<link::SandboxLayer>> enter_sandbox(const link::SandboxSettings& settings,
                                                             const SandboxFiles& files, int link_fd,
                                                             link::SystemCallNote* note);

}  // namespace backplane::runner
