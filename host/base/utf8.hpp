// Reading UTF-8 strictly (RFC 3629): what counts as a character in user names and passwords.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace backplane::auth {

// Takes the first character off `text`. Nothing, and one byte taken, where that byte starts no valid character
// (overlong forms and surrogates are invalid). `text` is not empty.
std::optional<char32_t> take_character(std::string_view& text);

// How many characters, each invalid byte counting as one.
std::size_t count_characters(std::string_view text);

// Valid UTF-8 without control characters (U+0000 to U+001F, U+007F to U+009F).
bool is_printable_text(std::string_view text);

}  // namespace backplane::auth
