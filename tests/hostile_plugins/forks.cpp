// Starts a process.
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  bad::respond(request->op, ::fork() < 0 ? "refused" : "started");
}
HOSTILE_HANDLER(on_request);
