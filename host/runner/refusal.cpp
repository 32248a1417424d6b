#include "runner/refusal.hpp"

#include <system_error>

namespace backplane::runner {

base::Problem refusal(const std::string& what, int error, const std::string& remedy) {
  std::string text = what + ": " + std::generic_category().message(error);
  if (!remedy.empty()) text += "; " + remedy;
  return base::problem(base::Error::kIo, std::move(text));
}

}  // namespace backplane::runner
