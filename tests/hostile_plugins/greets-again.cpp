// Greets a second time.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::say({hostile::Code::kHello, 0, hostile::link::Hello{hostile::link::kWireVersion, BP_ABI_VERSION, {}}});
}
HOSTILE_HANDLER(on_request);
