// Reads nothing more of what the host says, and never answers.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::tell_that_it_begins();
  for (;;) ::pause();
}
HOSTILE_HANDLER(on_request);
