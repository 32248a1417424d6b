// Says again and again that it has started, and that it has not.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  for (int i = 0; i < 100; ++i) {
    hostile::say({hostile::Code::kStarted, 0, hostile::link::Outcome{i % 2 == 0 ? BP_OK : BP_E_IO, "again"}});
    hostile::say({hostile::Code::kConfigured, static_cast<std::uint64_t>(i), hostile::link::Outcome{BP_OK, "again"}});
  }
  bad::respond(request->op, "fine");
}
HOSTILE_HANDLER(on_request);
