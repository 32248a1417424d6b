// Text in the log and in requests: which bytes are text in the way that systemd sees it, so that both agree.
#pragma once

#include <backplane/text.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace backplane::log_stream {

// The first character of a text that is not empty; noncharacters are none.
sdk::Character first_character(std::string_view text);

// How many bytes at the beginning are printable ASCII. With `for_json` it also ends at '"' and '\'.
std::size_t printable_bytes(std::string_view text, bool for_json = false);

// Whether all of it is UTF-8 without control characters other than TAB and, where allowed, LF.
bool is_text(std::string_view value, bool allow_line_feed);

// What a client sent, in quotes, cut to a bound and with every byte that is not printable ASCII as "?", so that an
// error text can show it.
std::string quoted(std::string_view text);

}  // namespace backplane::log_stream
