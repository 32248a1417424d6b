// Reads header values of the form `word; name=token; name="quoted"`: Content-Type and Content-Disposition.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backplane::http {

// What stands before the first ';', without blanks.
std::string_view header_word(std::string_view value);

// The parameter of that name (compared without case), unquoted; nullopt where it is absent or malformed, or given
// twice. A backslash in quotes escapes only a quote or itself: browsers send Windows paths unescaped.
std::optional<std::string> header_parameter(std::string_view value, std::string_view name);

}  // namespace backplane::http
