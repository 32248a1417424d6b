// Never comes back from a static initialiser.
#include "hostile.hpp"

struct Spin {
  Spin() {
    volatile bool on = true;
    while (on) {
    }
  }
};
static const Spin kSpin;
static void on_request(void*, const bp_request* request) {
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
