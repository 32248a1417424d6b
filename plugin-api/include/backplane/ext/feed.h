/* backplane.feed/1: one writer, many readers.
 *
 * A feed is a row of items that its plugin publishes as they come: log lines. The host keeps the newest of them and
 * sends them to every reader at the reader's own speed. Nobody can hold the writer up: a reader that is too slow loses
 * the oldest items, and only that reader, and is told how many (a client where its framing says so).
 *
 * Clients become readers by attach: the plugin answers an operation by begin, checks and writes what it likes (a
 * backlog), and then hands it to the host. Attached readers cost the plugin nothing, count against no limit of
 * operations or streams, and stay connected while the plugin is restarted. Other plugins become readers by subscribe.
 *
 * The manifest declares the feeds: {"feeds": [{"id": "lines", "depth": 1024}]}; and under "needs" those of others that
 * the plugin subscribes to: {"needs": {"feeds": ["host/log"]}}. A feed's full name is "<instance>/<id>".
 *
 * The host's own feed "host/log" has the daemon's log, a JSON object an item: {"time_us": microseconds since 1970,
 * "priority": 2 to 7 as in syslog, "text": "…"}. A new subscriber first gets the lines that are kept.
 */
#ifndef BACKPLANE_EXT_FEED_H
#define BACKPLANE_EXT_FEED_H

#include <backplane/host.h>

#define BP_EXT_FEED "backplane.feed/1"

#define BP_FEED_ITEM_BYTES_MAX 131072u
#define BP_FEED_ID_BYTES_MAX 512u
#define BP_FRAMING_BYTES_MAX 256u

/* One item. Zero-initialise, then set size. */
typedef struct bp_feed_item {
  uint32_t size;
  uint32_t reserved;
  bp_bytes bytes; /* at most BP_FEED_ITEM_BYTES_MAX; readers get it whole or not at all. Empty beside an id: they get
                     nothing, and the id alone is remembered for the next on_demand */
  bp_bytes id;    /* the plugin's own name for the place after this item, at most BP_FEED_ID_BYTES_MAX; may be empty */
} bp_feed_item;

/* What stands around the items that one reader gets. Zero-initialise, then set size. Each text has at most
 * BP_FRAMING_BYTES_MAX bytes. */
typedef struct bp_framing {
  uint32_t size;
  int32_t kind;    /* BP_DATA_BYTES: each item is a chunk of the body; on a WebSocket BP_DATA_TEXT or BP_DATA_BINARY: a
                      message. Of text messages every part must be UTF-8; items that are not count as lost. */
  bp_bytes prefix; /* before each item */
  bp_bytes suffix; /* behind each item */
  bp_bytes lost;   /* sent once in place of items that this reader has lost, with the first "{count}" in it replaced by
                      their number, and without prefix and suffix; empty: the reader is not told */
} bp_framing;

/* The host's side. `feed` is an index into the plugin's own bp_plugin_feed.feeds. */
typedef struct bp_host_feed {
  uint32_t size;
  uint32_t reserved;

  /* Adds an item to a feed. Worth calling only while somebody reads (see on_demand): without readers the item is gone
   * at once. BP_E_LIMIT: too large; BP_E_AGAIN: too much of this instance is on its way already, and the item was not
   * published: publish it again later, or leave it out; BP_E_INVALID: no such feed. [any-thread] */
  bp_status (*publish)(const bp_host* host, uint32_t feed, const bp_feed_item* item);

  /* Makes the client of a begun operation a reader of the feed, after what was written to it so far: of what is
   * published from now on. The operation then takes no more write; it may still be ended with end, data of the client
   * still comes by on_data, and on_end comes as always; once the plugin was restarted, nothing of that is left but its
   * items. BP_E_GONE, BP_E_INVALID as in bp_host_http; BP_E_INVALID also for a framing that does not fit the operation;
   * BP_E_LIMIT: a text of the framing is too long. [any-thread] */
  bp_status (*attach)(const bp_host* host, bp_op op, uint32_t feed, const bp_framing* framing);

  /* Reads another's feed: on_item follows for each item, under the name `subscription`. A feed that is not there now is
   * read as soon as it comes. BP_E_DENIED: neither the manifest's needs nor, where that is asked for, the configuration
   * names it; BP_E_CONFLICT: the name is in use; BP_E_LIMIT: 16 are read; BP_E_AGAIN: too much of this instance is on
   * its way already. [any-thread] */
  bp_status (*subscribe)(const bp_host* host, bp_cookie subscription, bp_bytes feed);

  /* on_item no longer comes, once this was called on the plugin's thread. BP_E_GONE: there was none. [any-thread] */
  bp_status (*unsubscribe)(const bp_host* host, bp_cookie subscription);
} bp_host_feed;

/* The plugin's side. [plugin-thread] */
typedef struct bp_plugin_feed {
  uint32_t size;
  uint32_t feed_count;
  const char* const* feeds; /* the ids of the manifest's feeds: all of them, no other */

  /* The first reader has come (wanted 1), or the last has gone (wanted 0); wanted 0 also comes where the client of an
   * attach was gone already and nobody else reads. `last_id` is the id of the item that was published last, also by an
   * earlier life of the plugin: go on behind it and the readers lose nothing. Empty: none was, or nobody has read
   * since. May be null. */
  void (*on_demand)(void* self, uint32_t feed, int32_t wanted, bp_bytes last_id);

  /* An item of a subscription, valid during the call; `lost` items before it were too many for this reader. May be null
   * where the plugin subscribes to nothing. */
  void (*on_item)(void* self, bp_cookie subscription, const bp_feed_item* item, uint64_t lost);
} bp_plugin_feed;

#endif
