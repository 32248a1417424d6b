// The one place that maps our errors to HTTP, and status numbers to their phrases.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace backplane::exchange {

int http_status(base::Error error);

// RFC 9110's phrase, or "Unknown" where it names none.
std::string_view reason_phrase(int status);

}  // namespace backplane::exchange
