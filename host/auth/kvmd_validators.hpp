// kvmd's argument checks for logins, with its exact texts (pikvm.md §2). Clients match on them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace backplane::auth {

// Trimmed; kInvalid "The argument 'Admin!' is not a valid username characters" or "RAW limit exceed".
base::Checked<std::string> valid_kvmd_user(std::string_view raw);

// Not trimmed, may be empty; any UTF-8 but control characters (kvmd: only ASCII). kInvalid "The argument is not a valid
// passwd characters" or "RAW limit exceed".
base::Checked<base::Secret> valid_kvmd_password(std::string_view raw);

// The trimmed view of 64 lower-case hex digits; kInvalid "The argument is not a valid auth token" or "RAW limit
// exceed".
base::Checked<std::string_view> valid_kvmd_token(std::string_view raw);

// Exactly 64 lower-case hex digits.
bool is_session_token(std::string_view text);

// A text as Python's repr() shows it, which is how kvmd quotes a value in its messages. Bytes that are not UTF-8 appear
// as \udc80 to \udcff.
std::string python_repr(std::string_view text);

}  // namespace backplane::auth
