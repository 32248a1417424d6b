// Finds the line that a person should mend after a YAML syntax error. The parser notices many mistakes (a forgotten
// colon, a tab, an open quote or bracket) only one or more lines later.
#pragma once

#include <string>
#include <string_view>

#include "config/problems.hpp"

namespace backplane::config {

struct Blame {
  Place place;
  std::string text;
};

// `noticed` is where the parser gave up and `message` what it said.
Blame blame_line(std::string_view text, std::string_view message, const Place& noticed);

}  // namespace backplane::config
