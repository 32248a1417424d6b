/* What the host gives every plugin instance: the base table, from which extensions are asked for. */
#ifndef BACKPLANE_HOST_H
#define BACKPLANE_HOST_H

#include <backplane/abi.h>

#define BP_LOG_DEBUG 0
#define BP_LOG_INFO 1
#define BP_LOG_WARNING 2
#define BP_LOG_ERROR 3

typedef struct bp_host bp_host;

/* One per instance; valid from create until destroy returns. Every host function takes it as its first argument. */
struct bp_host {
  uint32_t size;
  uint32_t abi; /* the host's BP_ABI_VERSION */

  /* The table of a host extension ("backplane.http/1"), or null where this host has none or the manifest did not name
   * it under "extensions". The table lives as long as the host table. [any-thread] */
  const void* (*get_extension)(const bp_host* host, const char* id);

  /* Writes a line to the daemon's log, under the instance's name. The text is cut at 4 KiB; over 50 lines a second are
   * dropped and counted. Never log a secret. [any-thread] */
  void (*log)(const bp_host* host, int32_t level, bp_bytes text);

  /* Wakes the plugin's own thread: on_post(cookie) follows. BP_E_AGAIN: 1,024 are waiting already. [any-thread] */
  bp_status (*post)(const bp_host* host, bp_cookie cookie);

  /* Answers start, stop or on_config, once per cookie. The text is shown to operators beside the state. BP_E_INVALID:
   * no such question is open. [any-thread] */
  bp_status (*done)(const bp_host* host, bp_cookie cookie, bp_status status, bp_bytes text);
};

#endif
