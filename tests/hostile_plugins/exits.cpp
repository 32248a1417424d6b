// Calls exit() in a handler.
#include <cstdlib>

#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::exit(7);
}
HOSTILE_HANDLER(on_request);
