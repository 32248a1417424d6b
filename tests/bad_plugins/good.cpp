// Nothing wrong here: it must go on answering whatever its neighbour does.
#include "bad.hpp"

static void on_request(void*, const bp_request* request) {
  bad::respond(request->op, "good");
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
