// What a request's headers ask for: a form of the log (Accept), and a place and a count (Range).
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "log-stream/formats/formatter.hpp"
#include "log-stream/problem.hpp"
#include "log-stream/query/query.hpp"

namespace backplane::log_stream {

// The pieces that the values of HTTP's headers are made of.

// Without the blanks and tabs around it (RFC 9110 §5.6.3).
inline std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// What stands before the separator, which is taken off `rest` with it.
inline std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return without_blanks(part);
}

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
std::optional<Problem> parse_range(std::string_view header, Query& query);

}  // namespace backplane::log_stream
