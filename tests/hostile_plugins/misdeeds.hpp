// The tables of misdeeds, one for each test file: ends_test has those of ends.cpp.
#pragma once

#include <span>
#include <string>

#include "bad_plugins/bad.hpp"

namespace hostile {

using bad::Misdeed;
using bad::Plugin;

std::span<const Misdeed> ends();
std::span<const Misdeed> reach();
std::span<const Misdeed> connection();
std::span<const Misdeed> floods();

inline std::string query(const bp_request& request) {
  return std::string(bad::text(request.query));
}

// By the signal itself, whatever a sanitizer would rather do at it.
[[noreturn]] void crash();

}  // namespace hostile
