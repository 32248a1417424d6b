// Lets an exception out of a handler, as only a plugin without the SDK can.
#include <stdexcept>

#include "bad.hpp"

static void on_request(void*, const bp_request*) {
  throw std::runtime_error("thrown on purpose");
}
static const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  return bad::create(host, name, config);
}
BAD_PLUGIN(BP_ABI_VERSION, create);
