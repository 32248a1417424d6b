// Sends a frame that only the host may send.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::say({hostile::Code::kEnded, request->op, hostile::link::Reason{}});
}
HOSTILE_HANDLER(on_request);
