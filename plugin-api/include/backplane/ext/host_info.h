/* backplane.host/1: what a plugin may know of the daemon, and a folder of its own. Host side only. */
#ifndef BACKPLANE_EXT_HOST_INFO_H
#define BACKPLANE_EXT_HOST_INFO_H

#include <backplane/host.h>

#define BP_EXT_HOST "backplane.host/1"

typedef struct bp_host_info {
  uint32_t size;
  uint32_t reserved;

  /* Copies a value into `buffer` (always terminated where capacity > 0) and stores its full length without the 0 in
   * `length`. Keys: "version" (of the daemon), "device_name", "auth_enabled" ("true" or "false"), "instance",
   * "compat.kvmd.api_version" ("3" or "4"). BP_E_UNSUPPORTED: no such key; BP_E_LIMIT: cut to fit. [any-thread] */
  bp_status (*get)(const bp_host* host, const char* key, char* buffer, size_t capacity, size_t* length);

  /* As get, for the path of a folder that only this instance uses and that survives restarts (made on the first call).
   * BP_E_IO: it cannot be made; the log says why. [any-thread] */
  bp_status (*data_dir)(const bp_host* host, char* buffer, size_t capacity, size_t* length);
} bp_host_info;

#endif
