// Puts an empty message into a stream of bytes: as a piece of a body it would be its end.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::say({hostile::Code::kBegin, request->op, hostile::answer({})});
  hostile::say({hostile::Code::kWrite, request->op, hostile::link::Data{backplane::op::DataKind::kText, ""}});
  hostile::say({hostile::Code::kWrite, request->op,
                hostile::link::Data{backplane::op::DataKind::kBytes, "HTTP/1.1 200 OK\r\n\r\n"}});
}
HOSTILE_HANDLER(on_request);
