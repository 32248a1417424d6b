// Reads bytes as UTF-8 in the way systemd does, so that both agree on which values are text.
#pragma once

#include <cstddef>
#include <string_view>

namespace backplane::log_stream {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: what stands there is not UTF-8
};

// The first character of a text that is not empty. Overlong forms, surrogates and noncharacters are none.
Character first_character(std::string_view text);

// How many bytes at the beginning are printable ASCII. With `for_json` it also ends at '"' and '\'.
std::size_t printable_bytes(std::string_view text, bool for_json = false);

// The beginning, of at most so many bytes and without a part of a character at its end: what is text stays text.
std::string_view beginning(std::string_view text, std::size_t bytes_max);

// Whether all of it is UTF-8 without control characters other than TAB and, where allowed, LF.
bool is_text(std::string_view value, bool allow_line_feed);

}  // namespace backplane::log_stream
