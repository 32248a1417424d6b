// Which fields of a journal entries can be selected by.
#pragma once

#include <string_view>

namespace backplane::log_stream {

// Whether libsystemd takes a match of that name: a field's, but not one of its own such as __CURSOR.
bool is_match_field(std::string_view name);

}  // namespace backplane::log_stream
