// The Range header as systemd-journal-gatewayd(8) has it: "entries=cursor[[:num_skip]:num_entries]" and
// "realtime=[since]:[until][[:num_skip]:num_entries]", times in seconds since 1970.
#pragma once

#include <optional>
#include <string_view>

#include "log-stream/problem.hpp"
#include "log-stream/query.hpp"

namespace backplane::log_stream {

// Whether it can be a cursor of libsystemd: "s=…;i=…;…" with hexadecimal values.
bool is_cursor(std::string_view text);

// Sets what the header says. Other units, such as bytes, are passed over, as HTTP asks for (RFC 9110 §14.2).
std::optional<Problem> parse_range(std::string_view header, Query& query);

}  // namespace backplane::log_stream
