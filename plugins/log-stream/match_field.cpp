#include "log-stream/match_field.hpp"

#include "log-stream/entry.hpp"

namespace backplane::log_stream {

bool is_match_field(std::string_view name) {
  return is_field_name(name) && !name.starts_with("__");
}

}  // namespace backplane::log_stream
