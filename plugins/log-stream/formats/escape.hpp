// Writes what anybody may have put into a log so that a terminal or a browser shows it as it is: nothing in it can
// move the cursor, hide, turn the direction of writing or look like the beginning of another entry.
#pragma once

#include <string>
#include <string_view>

namespace backplane::log_stream {

// Control characters become \x1b, bytes that are no UTF-8 \xff, and invisible characters or those that turn the
// direction of writing \u202e (\U000e0041 above U+FFFF). TAB stays. A backslash stays as well: doubling it would
// change ordinary messages, and a text that only looks escaped does no harm.
void append_escaped(std::string_view text, std::string& out);

// The same for a part of a line's prefix (host, identifier, pid, unit): blanks, TAB, '[' and ']' are escaped too, so
// that no part can look like the parts after it.
void append_escaped_word(std::string_view word, std::string& out);

// Cuts the first line off `rest`. CRs at its end are left out, as journalctl does: they are line ends of Windows or
// of a progress bar. Any other CR is escaped like the rest of the control characters.
std::string_view cut_line(std::string_view& rest);

}  // namespace backplane::log_stream
