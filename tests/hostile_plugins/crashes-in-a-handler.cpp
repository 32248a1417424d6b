// Crashes in a handler.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::crash();
}
HOSTILE_HANDLER(on_request);
