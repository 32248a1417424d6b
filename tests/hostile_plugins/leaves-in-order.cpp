// Says that it has stopped, which nobody asked, and ends with open operations.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::say({hostile::Code::kStopped, 0, {}});
  ::_exit(0);
}
HOSTILE_HANDLER(on_request);
