#include "http/utf8.hpp"

#include <simdjson.h>

namespace backplane::http {

bool valid_text(std::string_view text) {
  unsigned char all = 0;
  bool nul = false;
  for (const char c : text) {
    all |= static_cast<unsigned char>(c);
    nul |= c == '\0';
  }
  return !nul && (all < 0x80 || simdjson::validate_utf8(text.data(), text.size()));
}

}  // namespace backplane::http
