// BP_CHECK: stops the process on a mistake of our own, in every build. Never for input.
#pragma once

namespace backplane::base {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace backplane::base

#define BP_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::backplane::base::check_failed(#expression, __FILE__, __LINE__))
