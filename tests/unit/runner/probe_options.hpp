// The probe's command line: [--name value…] action [argument…].
#pragma once

#include "probe_action.hpp"
#include "runner/sandbox.hpp"

namespace backplane::runner::probe {

struct Options {
  link::SandboxSettings settings;
  SandboxFiles files;
  std::string note;  // a file to be mapped as a link::SystemCallNote
  std::string action;
  Arguments arguments;
};

Options parse(const Arguments& words);

}  // namespace backplane::runner::probe
