// Forgets every request, and keeps the numbers of all that it was ever given.
#include <vector>

#include "bad.hpp"

static std::vector<bp_op> leaked;
static void on_request(void*, const bp_request* request) {
  leaked.push_back(request->op);
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
