// Says that it has stopped, which nobody asked, and lives on.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::tell_that_it_begins();
  hostile::say({hostile::Code::kStopped, 0, {}});
  for (;;) ::pause();
}
HOSTILE_HANDLER(on_request);
