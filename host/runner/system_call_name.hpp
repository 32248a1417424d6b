// The name of a system call, for the message about a plugin that tried one it may not make.
#pragma once

#include <string>

namespace backplane::runner {

// "clone", or "system call 999" for a number that this machine's architecture does not know.
std::string system_call_name(int number);

}  // namespace backplane::runner
