// Random values from the operating system's generator, through OpenSSL. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/secret.hpp"

namespace backplane::auth {

std::string random_bytes(std::size_t count);

// 1 to 2^53 - 1: exact as a JSON number in every language (gravwell.md §1.3 sends it as one).
std::uint64_t random_session_id();

// A password that can be read aloud and typed: 20 of 32 letters and digits, none of them alike, in groups of five with
// dashes between: 100 bits.
base::Secret random_password();

}  // namespace backplane::auth
