// Answers an operation twice, and begins a stream on what is answered.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::say({hostile::Code::kRespond, request->op, hostile::answer("first")});
  hostile::say({hostile::Code::kRespond, request->op, hostile::answer("second")});
  hostile::say({hostile::Code::kBegin, request->op, hostile::answer({})});
  hostile::say({hostile::Code::kEnd, request->op, hostile::link::Close{}});
}
HOSTILE_HANDLER(on_request);
