// What every field must meet, whatever body or query it came in.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "exchange/request.hpp"

namespace backplane::http {

// Appends the field, or says with kInvalid why not: kFieldsMax fields, kFieldNameBytesMax, UTF-8 without NUL.
base::Checked<void> append_field(std::string name, std::string value, std::vector<exchange::Field>& fields);

}  // namespace backplane::http
