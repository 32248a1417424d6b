// Whether text from a client is UTF-8 that C code can hold as well (no NUL).
#pragma once

#include <string_view>

namespace backplane::http {

// Plain ASCII, the usual case, costs one look at each byte and no call.
bool valid_text(std::string_view text);

}  // namespace backplane::http
