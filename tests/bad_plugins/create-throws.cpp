// Lets an exception out of create.
#include <stdexcept>

#include "bad.hpp"

static const bp_plugin* create(const bp_host*, const char*, bp_bytes) {
  throw std::runtime_error("thrown on purpose");
}
BAD_PLUGIN(BP_ABI_VERSION, create);
