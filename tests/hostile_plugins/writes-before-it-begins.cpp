// Writes to a stream that it has not begun.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::say({hostile::Code::kWrite, request->op, hostile::link::Data{backplane::op::DataKind::kBytes, "early"}});
}
HOSTILE_HANDLER(on_request);
