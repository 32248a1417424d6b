// Sends a thousand descriptors that no frame needs.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  const std::vector<int> many(250, STDERR_FILENO);
  for (int i = 0; i < 4; ++i) {
    hostile::send_with(hostile::frame({hostile::Code::kPong, 0, {}}), many);
  }
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
