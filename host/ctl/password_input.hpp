// Where backplanectl gets a password from: standard input, or a person at the terminal. Never an argument, which every
// user of the machine could see.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace backplane::ctl {

// All of standard input without one line end behind it.
base::Checked<base::Secret> read_password_from_stdin();

// Asks twice on the controlling terminal, which shows nothing of it and is put right again also after Ctrl-C.
// kInvalid if the two differ; kUnavailable if there is no terminal or the input is broken off.
base::Checked<base::Secret> ask_for_password(const std::string& user);

}  // namespace backplane::ctl
