// Writes to a stream without regard for its credit.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::say({hostile::Code::kBegin, request->op, hostile::answer({})});
  for (int piece = 0; piece < 40; ++piece) {
    hostile::say({hostile::Code::kWrite, request->op,
                  hostile::link::Data{backplane::op::DataKind::kBytes, std::string(60'000, 'w')}});
  }
}
HOSTILE_HANDLER(on_request);
