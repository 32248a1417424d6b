// Base64 with the standard alphabet (RFC 4648 §4), strict: no white space, no stray bits, padding exactly as asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backplane::auth {

enum class Padding { kRequired, kForbidden };

std::optional<std::string> decode_base64(std::string_view text, Padding padding);
std::string encode_base64(std::string_view bytes, Padding padding);

}  // namespace backplane::auth
