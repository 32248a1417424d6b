// Writes to its standard error for as long as it lives.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) lines += "flood \x1b[2J forged\n";
  while (::write(STDERR_FILENO, lines.data(), lines.size()) > 0) {
  }
}
HOSTILE_HANDLER(on_request);
