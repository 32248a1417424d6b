/* backplane.loop/1: timers, descriptors and blocking work for a plugin that has no thread of its own. */
#ifndef BACKPLANE_EXT_LOOP_H
#define BACKPLANE_EXT_LOOP_H

#include <backplane/host.h>

#define BP_EXT_LOOP "backplane.loop/1"

#define BP_FD_READ 1
#define BP_FD_WRITE 2

typedef struct bp_host_loop {
  uint32_t size;
  uint32_t reserved;

  /* Sets the timer of that name, in place of an earlier one: on_timer after delay_ms, then every period_ms (0: once).
   * Periods that were missed merge into one event. BP_E_LIMIT: 256 timers are set; BP_E_INVALID: negative times.
   * [any-thread] */
  bp_status (*set_timer)(const bp_host* host, bp_cookie timer, int64_t delay_ms, int64_t period_ms);

  /* on_timer no longer comes, once this was called on the plugin's thread. BP_E_GONE: there was none. [any-thread] */
  bp_status (*cancel_timer)(const bp_host* host, bp_cookie timer);

  /* Watches a descriptor of the plugin's own process: on_fd when it is ready, again as long as it stays ready. `events`
   * is BP_FD_READ | BP_FD_WRITE. The descriptor stays the plugin's; unwatch it before closing it. BP_E_LIMIT: 64 are
   * watched; BP_E_INVALID: not a descriptor that can be polled, or not called on the plugin's thread; BP_E_CONFLICT:
   * the name or the descriptor is in use. [plugin-thread] */
  bp_status (*watch_fd)(const bp_host* host, bp_cookie watch, int fd, uint32_t events);

  /* on_fd no longer comes. BP_E_GONE: there was none. [plugin-thread] */
  bp_status (*unwatch_fd)(const bp_host* host, bp_cookie watch);

  /* Runs work(argument) on a small pool beside the plugin's thread, then on_blocking_done(cookie). stop is called only
   * after all work has come back. BP_E_AGAIN: 64 jobs have not been reported done; BP_E_UNAVAILABLE: the instance
   * stops. [any-thread] */
  bp_status (*run_blocking)(const bp_host* host, bp_cookie cookie, void (*work)(void* argument), void* argument);
} bp_host_loop;

/* A member may be null where the plugin never asks for that kind of event. [plugin-thread] */
typedef struct bp_plugin_loop {
  uint32_t size;
  uint32_t reserved;
  void (*on_timer)(void* self, bp_cookie timer);
  void (*on_fd)(void* self, bp_cookie watch, uint32_t events);
  void (*on_blocking_done)(void* self, bp_cookie cookie);
} bp_plugin_loop;

#endif
