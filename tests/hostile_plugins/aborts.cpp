// Calls abort() in a handler.
#include <cstdlib>

#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::abort();
}
HOSTILE_HANDLER(on_request);
