/* What a plugin gives the host: the one exported symbol, and the table that create returns. */
#ifndef BACKPLANE_PLUGIN_H
#define BACKPLANE_PLUGIN_H

#include <backplane/abi.h>
#include <backplane/host.h>

/* One instance of the plugin. All functions are called on the instance's own thread, one at a time [plugin-thread].
 * The table and `self` stay valid until destroy returns. Only get_extension, start, stop and destroy must be set. */
typedef struct bp_plugin {
  uint32_t size;
  uint32_t reserved; /* 0 */
  void* self;        /* handed back to every function */

  /* The plugin's table for an extension, or null. Asked between create and start, once per extension. */
  const void* (*get_extension)(void* self, const char* id);

  /* Open the hardware, then answer with host->done(done, …), now or later, within 10 s. BP_OK: the routes go live. A
   * device that is optional and missing is BP_OK with the health state set to degraded. Any other status refuses the
   * instance and its text says why. */
  void (*start)(void* self, bp_cookie done);

  /* All operations have ended. Close the hardware, then host->done. Takes at most 5 s. Not called after a start that
   * was refused: destroy follows at once. */
  void (*stop)(void* self, bp_cookie done);

  /* Free everything, and join every thread of the plugin's own. The last call. */
  void (*destroy)(void* self);

  /* A new configuration, valid by the manifest's schema. Answer with host->done: BP_OK applied, BP_E_UNSUPPORTED only a
   * restart can apply it, BP_E_INVALID the old one is kept. Null: as BP_E_UNSUPPORTED. */
  void (*on_config)(void* self, bp_cookie done, bp_bytes config_json);

  /* host->post was called. Null: post is never called. */
  void (*on_post)(void* self, bp_cookie cookie);
} bp_plugin;

typedef struct bp_plugin_entry {
  uint32_t size;
  uint32_t abi;      /* the BP_ABI_VERSION that the plugin was built with */
  bp_bytes manifest; /* the bytes of <id>.json; a plugin whose bytes differ from the file is refused */

  /* Makes an instance. May only call log and get_extension. Null: refused (log why). `instance_name` ends with 0;
   * `config_json` is an object that is valid by the manifest's schema, defaults filled in. Both are gone after the
   * call. [plugin-thread] */
  const bp_plugin* (*create)(const bp_host* host, const char* instance_name, bp_bytes config_json);
} bp_plugin_entry;

/* The only symbol that a plugin exports. */
BP_EXTERN_C BP_EXPORT const bp_plugin_entry backplane_plugin_entry;

#endif
