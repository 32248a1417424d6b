#include "log-stream/field_name.hpp"

#include "log-stream/limits.hpp"

namespace backplane::log_stream {

bool is_field_name(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  return !name.empty() && name.size() <= kFieldNameBytesMax && !(name[0] >= '0' && name[0] <= '9') &&
         !name.starts_with("__") && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace backplane::log_stream
