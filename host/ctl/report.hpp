// How a command ends: with a message for the person at the terminal, and an exit status.
#pragma once

#include "base/result.hpp"

namespace backplane::ctl {

inline constexpr int kFailed = 1;
inline constexpr int kUsageError = 2;

// The exit status; what is wrong goes to stderr.
int report(const base::Checked<void>& done);

}  // namespace backplane::ctl
