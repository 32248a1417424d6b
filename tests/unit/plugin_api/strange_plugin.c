/* Plugin files that the check must refuse: one symbol too many, or a library that was not allowed. */
#include <backplane/plugin.h>

const bp_plugin_entry backplane_plugin_entry = {sizeof(bp_plugin_entry), BP_ABI_VERSION, {0, 0}, 0};

#ifdef SECOND_SYMBOL
extern BP_EXPORT const int second_symbol;
const int second_symbol = 1;
#endif
