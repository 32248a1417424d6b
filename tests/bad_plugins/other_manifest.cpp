// Embeds a manifest that is not the file beside it.
#include "bad.hpp"

static const char kOther[] = "{\"id\": \"other-manifest\"}";
const bp_plugin_entry backplane_plugin_entry = {
    sizeof(bp_plugin_entry), BP_ABI_VERSION, {kOther, sizeof kOther - 1}, bad::create_good};
