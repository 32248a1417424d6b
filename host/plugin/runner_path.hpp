// Where the program is that runs a plugin in a process of its own.
#pragma once

#include <string>

namespace backplane::plugin {

// backplane-runner beside this program, as in a build tree, else where it is installed.
std::string runner_path();

}  // namespace backplane::plugin
