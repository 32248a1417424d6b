// Lets an exception out of a thread of its own, which ends the process.
#include <stdexcept>
#include <thread>

#include "hostile.hpp"

static void on_request(void*, const bp_request*) {
  std::thread([] { throw std::runtime_error("thrown on purpose"); }).join();
}
HOSTILE_HANDLER(on_request);
