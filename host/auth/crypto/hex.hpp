// Lower-case hex, strict: one text for one value.
#pragma once

#include <string>
#include <string_view>

namespace backplane::auth {

std::string encode_hex(std::string_view bytes);

// Writes text.size() / 2 bytes to `bytes`. False where a digit is no lower-case hex digit or their number is odd.
bool decode_hex(std::string_view text, char* bytes);

}  // namespace backplane::auth
