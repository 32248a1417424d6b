// The names of systemd's units, as people give them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backplane::log_stream {

// The whole name: without a known suffix ".service" is appended, but a pattern ("*", "?", "[…]") stays as it is.
// Nothing where no unit can be named so.
std::optional<std::string> unit_name(std::string_view text);

}  // namespace backplane::log_stream
