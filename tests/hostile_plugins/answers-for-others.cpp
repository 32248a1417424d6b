// Answers, ends and credits operations that are not its own.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const auto own = request->op;
  for (bp_op op = 0; op < 200; ++op) {
    if (op == own) continue;
    hostile::say({hostile::Code::kRespond, op, hostile::answer("stolen")});
    hostile::say({hostile::Code::kBegin, op, hostile::answer({})});
    hostile::say({hostile::Code::kConsume, op, hostile::link::Count{1}});
    hostile::say({hostile::Code::kEnd, op, hostile::link::Close{}});
    hostile::say({hostile::Code::kFail, op, hostile::link::Failure{}});
  }
  hostile::say({hostile::Code::kRespond, ~bp_op{0}, hostile::answer("nobody's")});
  bad::respond(own, "mine");
}
HOSTILE_HANDLER(on_request);
