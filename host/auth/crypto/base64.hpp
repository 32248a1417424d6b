// Base64 (RFC 4648), strict: no white space, no stray bits, padding exactly as asked. One text for one value, so that
// no token has a double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backplane::auth {

enum class Padding { kRequired, kForbidden };

// The standard alphabet (§4).
std::optional<std::string> decode_base64(std::string_view text, Padding padding);
std::string encode_base64(std::string_view bytes, Padding padding);

// The alphabet for URLs (§5), never padded: what a JWT is made of (RFC 7515 §2).
std::optional<std::string> decode_base64url(std::string_view text);
std::string encode_base64url(std::string_view bytes);

}  // namespace backplane::auth
