// Writes what is no frame into the connection.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  hostile::send_bytes(std::string(64, 'x'));
}
HOSTILE_HANDLER(on_request);
