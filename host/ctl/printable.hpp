// Text of others (a plugin, its manifest, the daemon) as it may be shown on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace backplane::ctl {

// The text with '?' in place of control characters, of those that turn the direction of writing, and of bytes that are
// not UTF-8: a manifest must not draw another picture of itself. Line ends and tabs become blanks.
std::string printable(std::string_view text);

}  // namespace backplane::ctl
