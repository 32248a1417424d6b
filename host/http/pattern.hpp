// The pattern of a route's path: "/api/users/{id}/files/{path...}" (plugin-abi.md "The manifest declares").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace backplane::http {

struct PatternPart {
  enum class Kind { kLiteral, kParameter, kTail };
  Kind kind = Kind::kLiteral;
  std::string text;  // the literal, or the parameter's name
};

using Pattern = std::vector<PatternPart>;  // empty: "/"

// kInvalid with a sentence where the text is no pattern: it must start with '/', must not end with one, its literals
// are plain visible characters, a parameter is a whole part with a name of its own, and a tail comes last.
base::Checked<Pattern> parse_pattern(std::string_view text);

// Whether both match exactly the same paths (the names of parameters do not count).
bool same_shape(const Pattern& a, const Pattern& b);

// Whether there is a path that both match.
bool overlap(const Pattern& a, const Pattern& b);

}  // namespace backplane::http
