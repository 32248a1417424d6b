// Finds what somebody may have meant by a name that is not known.
#pragma once

#include <span>
#include <string_view>

namespace backplane::log_stream {

// The known name that differs least, in at most two letters; empty where none is near.
std::string_view near_name(std::string_view name, std::span<const std::string_view> known);

}  // namespace backplane::log_stream
