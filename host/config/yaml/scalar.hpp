// What a plain YAML scalar means in the core schema of YAML 1.2 (§10.3.2): null, a boolean, a number or a text.
#pragma once

#include <string_view>

#include "config/json/value.hpp"

namespace backplane::config {

enum class ScalarKind { kNull, kBoolean, kInteger, kFloat, kNotFinite, kText };

struct Scalar {
  ScalarKind kind = ScalarKind::kText;
  // Null for kText and kNotFinite (.inf, .nan or a number beyond the range of JSON readers: 64 bits for an integer, a
  // double for a float).
  JsonValue value;
};

Scalar read_plain_scalar(std::string_view text);

// "a number", "a text" …: how messages call the kind.
std::string_view kind_name(ScalarKind kind);

}  // namespace backplane::config
