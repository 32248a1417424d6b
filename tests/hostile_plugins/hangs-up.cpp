// Closes the connection and lives on.
#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  ::shutdown(hostile::link::kRunnerSocket, SHUT_RDWR);
  for (;;) ::pause();
}
HOSTILE_HANDLER(on_request);
