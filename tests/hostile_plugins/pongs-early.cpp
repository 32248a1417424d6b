// Answers pings before they come, and those of long ago, and goes on.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  for (std::uint64_t ping : {1'000'000, 2, 1, 0}) hostile::say({hostile::Code::kPong, ping, {}});
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
