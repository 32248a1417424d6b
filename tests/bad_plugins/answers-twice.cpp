// Answers each request again and again, also those that have ended.
#include "bad.hpp"

static bp_op last = 0;
static void on_request(void*, const bp_request* request) {
  bad::respond(last, "late");
  bad::respond(request->op, "first");
  for (int i = 0; i < 100; ++i) bad::respond(request->op, "again");
  bad::http->fail(bad::host, request->op, 500, {}, {});
  last = request->op;
}
static void on_end(void*, bp_op op, std::int32_t) {
  bad::respond(op, "after the end");
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::http_events.on_end = on_end;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
