// The members of a JSON object as fields, so that a route sees the same thing whatever body a client sends.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Appends one field for each member of the object that `json` holds, in order, repeated names kept:
//   string    its text, decoded          number, true, false   as written, untouched
//   null      no field at all (absent)   object, array         its JSON text, as written
// Refused with kInvalid: what is not one valid JSON object, nesting over kJsonDepthMax, an integer over 64 bit, and
// what append_field refuses.
base::Checked<void> read_json_fields(std::string_view json, std::vector<exchange::Field>& fields);

}  // namespace backplane::http
