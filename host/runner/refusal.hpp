// The Problem of a layer that the system would not put in force.
#pragma once

#include <string>

#include "base/result.hpp"

namespace backplane::runner {

// `what`: "the sandbox cannot …"; `remedy` may be empty. The errno value is said in words between them.
base::Problem refusal(const std::string& what, int error, const std::string& remedy = {});

}  // namespace backplane::runner
