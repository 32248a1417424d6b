// Rows of text as aligned columns for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace backplane::ctl {

using Row = std::vector<std::string>;

struct Layout {
  std::size_t width = 0;   // of the terminal, in characters; the last column is wrapped to fit. 0: it is not
  std::size_t indent = 0;  // blanks before each line
};

// A line for each row, or more where its last column is wrapped; two blanks between columns. Rows have the same number
// of columns. What must not reach a terminal is replaced, see printable.hpp.
std::string columns(const std::vector<Row>& rows, const Layout& layout = {});

// Of the terminal that stdout is; 0 where it is none.
std::size_t terminal_width();

}  // namespace backplane::ctl
