// Becomes another program.
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  ::execl("/bin/true", "true", nullptr);
  bad::respond(request->op, "refused");
}
HOSTILE_HANDLER(on_request);
