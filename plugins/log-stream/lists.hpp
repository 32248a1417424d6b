// The lists of the structured API as JSON.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "log-stream/boots.hpp"
#include "log-stream/field_values.hpp"
#include "log-stream/problem.hpp"

namespace backplane::log_stream {

// {"boots":[{"index":-1,"boot_id":"…","first":"2026-11-22T18:41:05.123456Z","last":"…"},…]}, oldest first.
std::variant<std::string, Problem> boots_json(const std::variant<std::vector<Boot>, Problem>& boots);

// {"field":"PRIORITY","values":["3","6"],"more":false}; a byte that is no UTF-8 becomes U+FFFD.
std::variant<std::string, Problem> field_values_json(const std::string& field,
                                                     const std::variant<FieldValues, Problem>& values);

}  // namespace backplane::log_stream
