// What goes to a terminal: text that cannot harm it, aligned columns, and how a command ends.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace backplane::ctl {

// Text of others (a plugin, its manifest, the daemon) as it may be shown on a terminal: with '?' in place of control
// characters, of those that turn the direction of writing, and of bytes that are not UTF-8: a manifest must not draw
// another picture of itself. Line ends and tabs become blanks.
std::string printable(std::string_view text);

using Row = std::vector<std::string>;

struct Layout {
  std::size_t width = 0;   // of the terminal, in characters; the last column is wrapped to fit. 0: it is not
  std::size_t indent = 0;  // blanks before each line
};

// A line for each row, or more where its last column is wrapped; two blanks between columns. Rows have the same number
// of columns. What must not reach a terminal is replaced as printable() does.
std::string columns(const std::vector<Row>& rows, const Layout& layout = {});

// Of the terminal that stdout is; 0 if it is none.
std::size_t terminal_width();

// How a command ends, as its exit status.
inline constexpr int kFailed = 1;
inline constexpr int kUsageError = 2;

// The exit status; what is wrong goes to stderr.
int report(const base::Checked<void>& done);

}  // namespace backplane::ctl
