// A plugin whose entry names ABI 99.0. Its create must never be called: it ends the process.
#include <backplane/plugin.h>

#include <cstdlib>

extern "C" const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];

namespace {

const bp_plugin* create(const bp_host*, const char*, bp_bytes) {
  std::abort();
}

}  // namespace

const bp_plugin_entry backplane_plugin_entry = {
    sizeof(bp_plugin_entry), 99u << 16, {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, &create};
