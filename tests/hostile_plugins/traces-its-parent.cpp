// Takes the daemon's memory and registers into its hands.
#include <sys/ptrace.h>
#include <unistd.h>

#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr);
  bad::respond(request->op, "tried");
}
HOSTILE_HANDLER(on_request);
