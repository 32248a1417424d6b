// Crashes in its create function.
#include "hostile.hpp"

static const bp_plugin* create(const bp_host*, const char*, bp_bytes) {
  hostile::crash();
}
BAD_PLUGIN(BP_ABI_VERSION, create);
