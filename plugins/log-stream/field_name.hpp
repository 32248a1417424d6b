// The names of a journal's fields.
#pragma once

#include <string_view>

namespace backplane::log_stream {

// Whether libsystemd takes it for a match: A to Z, 0 to 9 and "_", not beginning with a digit or with "__".
bool is_field_name(std::string_view name);

}  // namespace backplane::log_stream
