// Finds in create that it cannot live.
#include "bad.hpp"

static const bp_plugin* create(const bp_host* host, const char*, bp_bytes) {
  host->log(host, BP_LOG_ERROR, bad::bytes("no such board"));
  return nullptr;
}
BAD_PLUGIN(BP_ABI_VERSION, create);
