// The text form of a session's token: 32 bytes as 64 lower-case hex digits.
#pragma once

#include <array>
#include <string_view>

#include "base/secret.hpp"

namespace backplane::auth {

using TokenBytes = std::array<char, 32>;

// False for anything but exactly 64 lower-case hex digits (S-35: no prefix and no double of a token is one).
bool decode_token(std::string_view token, TokenBytes& bytes);

// Exactly 64 lower-case hex digits.
bool is_session_token(std::string_view text);

base::Secret encode_token(std::string_view bytes);

}  // namespace backplane::auth
