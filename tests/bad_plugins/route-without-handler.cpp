// Its manifest declares a route that it does not handle.
#include "bad.hpp"

static void on_request(void*, const bp_request*) {}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::http_events.route_count = 0;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
