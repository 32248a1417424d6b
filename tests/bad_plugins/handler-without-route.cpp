// It handles a route that its manifest does not declare.
#include "bad.hpp"

static const char* const kRoutes[] = {"go", "hidden"};
static void on_request(void*, const bp_request*) {}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::http_events.routes = kRoutes;
  bad::http_events.route_count = 2;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
