// Sends half a frame and closes the connection.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::send_bytes(hostile::frame({hostile::Code::kLog, 0, hostile::link::Log{{}, "half of this"}}).substr(0, 20));
  ::shutdown(hostile::link::kRunnerSocket, SHUT_RDWR);
  for (;;) ::pause();
}
HOSTILE_HANDLER(on_request);
