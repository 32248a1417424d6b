// The layer "system calls": a list of those that a plugin may make. No new processes or programs, no looks into other
// processes, no administration; the network where it is granted.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "link/wire/settings.hpp"
#include "link/wire/shared_page.hpp"

namespace backplane::runner {

struct Allowances {
  bool network = false;
  bool unix_sockets = false;              // to connect: one of the granted paths is a socket
  bool truncate = false;                  // by path: the kernel's Landlock guards it
  std::vector<std::string> capabilities;  // some open calls of their own
};

// What the settings mean for the filter, with a look at the granted paths.
Allowances allowances(const link::SandboxSettings& settings, bool truncate_guarded);

// For all threads and for good. `note` as in enter_sandbox.
base::Checked<link::SandboxLayer> filter_system_calls(const Allowances& allowances, link::SystemCallNote* note);

}  // namespace backplane::runner
