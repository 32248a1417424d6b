// Announces shared memory and sends none.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  hostile::send_bytes(hostile::shared_head(100'000, request->op));
}
HOSTILE_HANDLER(on_request);
