// The error styles of the dialects, one source file each. Whoever only needs the list asks error_styles().
#pragma once

#include "exchange/error_style.hpp"

namespace backplane::exchange {

extern const ErrorStyle kKvmdStyle;
extern const ErrorStyle kDragonmintStyle;  // login_refusal_status is its option; 0: real statuses
extern const ErrorStyle kGravwellStyle;

}  // namespace backplane::exchange
