// Texts as Python 3 treats and prints them, for the messages of kvmd's validators.
#pragma once

#include <string>
#include <string_view>

namespace backplane::dialects::kvmd {

// len(): code points; a byte that is no UTF-8 counts as one.
std::size_t python_length(std::string_view text);

// str.strip(): without Unicode white space at either end.
std::string_view python_stripped(std::string_view text);

// repr(): quotes, escapes, and \x, \u or \U for what cannot be printed; a byte that is no UTF-8 becomes U+FFFD.
std::string python_repr(std::string_view text);

}  // namespace backplane::dialects::kvmd
