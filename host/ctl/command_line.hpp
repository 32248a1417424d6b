// The arguments of backplanectl, and what each command does with them.
#pragma once

namespace backplane::ctl {

// Runs one command. Results go to stdout, messages to stderr. Returns the exit status: 0 if it is done, 1 if it
// could not be done, 2 if the arguments are wrong.
int run_command_line(int argc, const char* const* argv);

}  // namespace backplane::ctl
