// Gives back more of a body than it was given.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  for (int i = 0; i < 100; ++i) {
    hostile::say({hostile::Code::kConsume, request->op, hostile::link::Count{256 * 1024}});
  }
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
