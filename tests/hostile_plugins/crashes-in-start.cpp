// Crashes in start.
#include "hostile.hpp"

static void on_request(void*, const bp_request* request) {
  bad::respond(request->op, "fine");
}
static void start(void*, bp_cookie) {
  hostile::crash();
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::table.start = start;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
