// Text that must be UTF-8 (as <backplane/text.hpp> reads it): checked, counted, cut and cleaned.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace backplane::base {

bool valid_utf8(std::string_view text);

// Valid UTF-8 that C code can hold as well (no NUL). Plain ASCII, the usual case, costs one look at each byte and no
// call.
bool valid_text(std::string_view text);

// Valid UTF-8 without control characters (U+0000 to U+001F, U+007F to U+009F).
bool is_printable_text(std::string_view text);

// How many characters, each invalid byte counting as one.
std::size_t count_characters(std::string_view text);

// The text, at most `bytes_max` of it, not cut within a character.
std::string cut_text(std::string_view text, std::size_t bytes_max);

// The same, with '?' in place of each byte that is not UTF-8.
std::string clean_text(std::string_view text, std::size_t bytes_max);

// A scope as manifests and roles write it: words of a-z, 0-9, "_" and "-", joined by dots.
bool is_scope_name(std::string_view text);

}  // namespace backplane::base
