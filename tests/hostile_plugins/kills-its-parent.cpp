// Kills the daemon.
#include <signal.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  ::kill(::getppid(), SIGKILL);
  bad::respond(request->op, "tried");
}
HOSTILE_HANDLER(on_request);
