// Crashes while half a frame is sent.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::send_bytes(hostile::frame({hostile::Code::kLog, 0, hostile::link::Log{{}, "half of this"}}).substr(0, 20));
  hostile::crash();
}
HOSTILE_HANDLER(on_request);
