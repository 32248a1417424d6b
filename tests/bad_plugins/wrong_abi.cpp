// Built for an ABI that this host does not have.
#include "bad.hpp"
BAD_PLUGIN(0x00070000u, bad::create_good);
