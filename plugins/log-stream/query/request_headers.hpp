// What a request's headers ask for: a form of the log (Accept), and a place and a count (Range).
#pragma once

#include <algorithm>
#include <backplane/result.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

#include "log-stream/formats/formatter.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

// Which form of the log a client wants, by its Accept header or by name.

// The form of the media type that the header prefers among those that there are (RFC 9110 §12.5.1). As
// systemd-journal-gatewayd, text for everything that it does not name.
Format accepted_format(std::string_view accept);

// "text", "json", "events", "export".
std::optional<Format> named_format(std::string_view name);

// The Range header as systemd-journal-gatewayd(8) has it: "entries=cursor[[:num_skip]:num_entries]" and
// "realtime=[since]:[until][[:num_skip]:num_entries]", times in seconds since 1970.

// Whether it can be a cursor of libsystemd: "s=…;i=…;…" with hexadecimal values.
bool is_cursor(std::string_view text);

// Sets what the header says. Other units, such as bytes, are passed over, as HTTP asks for (RFC 9110 §14.2).
std::optional<sdk::Failure> parse_range(std::string_view header, Query& query);

}  // namespace backplane::log_stream
