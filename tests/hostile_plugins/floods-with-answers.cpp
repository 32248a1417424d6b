// Sends large answers to nobody for as long as it lives.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  const std::string large = hostile::frame({hostile::Code::kRespond, 0, hostile::answer(std::string(900'000, 'x'))});
  for (;;) hostile::send_bytes(large);
}
HOSTILE_HANDLER(on_request);
