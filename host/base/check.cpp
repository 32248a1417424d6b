#include "base/check.hpp"

#include <cstdlib>

#include "base/log.hpp"
#include "base/result.hpp"

namespace backplane::base {

void check_failed(const char* expression, const char* file, int line) {
  log(Level::kCritical, "{}:{}: check failed: {}", file, line, expression);
  flush_log();
  std::abort();
}

void throw_exception_from_error(const Problem& problem, const boost::source_location& location) {
  log(Level::kCritical, "unchecked failure: {}", problem.message());
  check_failed("result has a value", location.file_name(), static_cast<int>(location.line()));
}

}  // namespace backplane::base
