// Which form of the log a client wants, by its Accept header or by name.
#pragma once

#include <optional>
#include <string_view>

#include "log-stream/formatter.hpp"

namespace backplane::log_stream {

// The form of the media type that the header prefers among those that there are (RFC 9110 §12.5.1). As
// systemd-journal-gatewayd, text for everything that it does not name.
Format accepted_format(std::string_view accept);

// "text", "json", "events", "export".
std::optional<Format> named_format(std::string_view name);

}  // namespace backplane::log_stream
