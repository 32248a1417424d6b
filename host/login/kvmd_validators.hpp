// kvmd's checks of the login form's own arguments, with its exact texts (pikvm.md §2, §3.2). User, password and token
// arguments are the same at every door: auth/kvmd_validators.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace backplane::login {

// Seconds, 0 or more, as Python's int() reads them or as 0x…: kInvalid "None argument is not a valid expiration time"
// where there is nothing, "The argument 'abc' is not a valid expiration time", "The argument '-1' must be expiration
// time and greater or equial than 0", or "RAW limit exceed" for more than 16 characters.
base::Checked<std::int64_t> valid_kvmd_expire(std::string_view raw);

// The trimmed text, where it is one of `allowed`; kInvalid "The argument '/x' is not a valid login redirect".
base::Checked<std::string> valid_kvmd_redirect(std::string_view raw, const std::vector<std::string>& allowed);

}  // namespace backplane::login
