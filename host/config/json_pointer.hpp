// One step of a JSON pointer (RFC 6901 §3).
#pragma once

#include <string>
#include <string_view>

namespace backplane::config {

// "/name", with "~" and "/" in the name escaped.
inline std::string pointer_part(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace backplane::config
