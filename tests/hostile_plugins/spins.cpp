// Never comes back from a handler.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::tell_that_it_begins();
  volatile bool on = true;
  while (on) {
  }
}
HOSTILE_HANDLER(on_request);
