// Sends frames with codes that nobody knows, as a later version might, and then answers.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  for (const std::uint16_t code : {0, 14, 63, 84, 127, 128, 129, 65535}) {
    std::string bytes;
    hostile::link::write_frame_head({5, code, 0, request->op}, bytes);
    hostile::send_bytes(bytes + "hello");
  }
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
