// Moments as RFC 3339 texts in UTC: "2026-11-23T01:02:03.004Z".
#pragma once

#include <cstdint>
#include <string>

namespace backplane::base {

// Milliseconds since 1970. Moments outside of the years 1 to 9999, which have no such text, become the nearest that
// has.
std::string rfc3339(std::int64_t wall_ms);

}  // namespace backplane::base
