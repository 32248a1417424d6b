// Says that it is in a sandbox that it is not in.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::say({hostile::Code::kSandboxed, 0, hostile::link::Sandboxed{{{"files", true, "none at all"}}}});
}
HOSTILE_HANDLER(on_request);
