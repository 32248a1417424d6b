/* backplane.health/1: tell operators how the plugin is, and export numbers. Host side only. */
#ifndef BACKPLANE_EXT_HEALTH_H
#define BACKPLANE_EXT_HEALTH_H

#include <backplane/host.h>

#define BP_EXT_HEALTH "backplane.health/1"

#define BP_STATE_RUNNING 0
#define BP_STATE_DEGRADED 1 /* works in part; the text says what is missing and how to mend it */

#define BP_METRIC_GAUGE 0
#define BP_METRIC_COUNTER 1

typedef struct bp_host_health {
  uint32_t size;
  uint32_t reserved;

  /* Shown by /api/v1/health and /api/v1/plugins. BP_E_INVALID: not a state. [any-thread] */
  bp_status (*set_state)(const bp_host* host, int32_t state, bp_bytes text);

  /* Sets the present value of a metric, exported by /metrics as backplane_plugin_<name>{instance="…",labels…}. The name
   * is [a-z_][a-z0-9_]*; labels are names and values. BP_E_LIMIT: over 512 metrics in this instance. [any-thread] */
  bp_status (*metric)(const bp_host* host, bp_bytes name, bp_fields labels, int32_t kind, double value);
} bp_host_health;

#endif
