// Announces a frame of four gigabytes.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::string head;
  hostile::link::write_frame_head({0xFFFFFFFF, static_cast<std::uint16_t>(hostile::Code::kLog), 0, 0}, head);
  hostile::send_bytes(head);
}
HOSTILE_HANDLER(on_request);
