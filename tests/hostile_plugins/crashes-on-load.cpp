// Crashes in a static initialiser, before anything of it was asked for.
#include "hostile.hpp"

struct Crash {
  Crash() { hostile::crash(); }
};
static const Crash kCrash;
static void on_request(void*, const bp_request* request) {
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
