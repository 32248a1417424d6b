/* backplane.http/1: requests in, answers out.
 *
 * The host does TLS, HTTP, login, scopes, limits, body parsing, HEAD, OPTIONS, 100-continue, Origin checks, WebSocket
 * ping and close, and error envelopes. The plugin answers operations.
 *
 * The life of an operation: on_request, then on_part / on_data / on_writable, then exactly one on_end. The plugin
 * answers with respond, or fail, or begin + write… + end. on_end is the place, and the only one, to free what belongs
 * to an operation; it also comes after an answer that the plugin has finished (BP_END_DONE).
 *
 * Credit: in each direction of a stream at most BP_HTTP_WINDOW bytes are under way. write takes all or nothing; bytes
 * received count against the window until consume gives them back. A written piece counts as 256 bytes at least.
 */
#ifndef BACKPLANE_EXT_HTTP_H
#define BACKPLANE_EXT_HTTP_H

#include <backplane/host.h>

#define BP_EXT_HTTP "backplane.http/1"

#define BP_HTTP_WINDOW 262144u

/* Why an operation ended. */
#define BP_END_DONE 0        /* answered whole, or ended by the plugin, and written out */
#define BP_END_CLIENT_GONE 1 /* the client left, or was too slow to read */
#define BP_END_DEADLINE 2    /* no answer in the route's time; the host has answered 504 */
#define BP_END_REVOKED 3     /* the session ended, or lost the right */
#define BP_END_STOPPING 4    /* the instance or the daemon stops */
#define BP_END_OVERRUN 5     /* the plugin, or the client, broke a limit */

/* What a piece of data is. */
#define BP_DATA_BYTES 0  /* body bytes; one write is one HTTP chunk */
#define BP_DATA_TEXT 1   /* a whole WebSocket text message */
#define BP_DATA_BINARY 2 /* a whole WebSocket binary message */

/* A request, valid during on_request only. */
typedef struct bp_request {
  uint32_t size;
  uint32_t route; /* index into the plugin's own bp_plugin_http.routes */
  bp_op op;
  int64_t timeout_ms; /* how long the host waits for respond or begin, from the last byte of the body on */
  bp_bytes method;
  bp_bytes path;             /* decoded, without the instance's mount */
  bp_bytes query;            /* as sent, after '?' */
  bp_fields path_parameters; /* decoded, named as in the pattern */
  bp_fields query_fields;    /* decoded, in order, repeated names kept */
  bp_fields headers;         /* as sent; credentials (Authorization, Cookie, X-KVMD-Passwd, tokens) are left out */
  bp_fields fields;          /* body "fields": from urlencoded, multipart or JSON; a nested JSON value as its text */
  bp_bytes user;             /* empty on a public route */
  int64_t uid;               /* 0 on a public route */
  bp_bytes role;             /* empty on a public route */
  const bp_bytes* scopes;    /* what the role may do, sorted */
  size_t scope_count;
  uint64_t session;        /* 0 where no session is behind the request */
  bp_bytes client_address; /* IP literal; empty on a Unix socket */
  bp_bytes trace;          /* 16 hex digits, the same as in the access log */
  int32_t content_length_known;
  int32_t is_websocket;    /* 1: begin accepts it, respond or fail refuses it */
  uint64_t content_length; /* of a raw or parts body, where known */
} bp_request;

/* An answer. Zero-initialise, then set size. */
typedef struct bp_response {
  uint32_t size;
  int32_t status;        /* 200 … 599 */
  bp_bytes content_type; /* empty: none */
  bp_fields headers;     /* the host's own (Content-Length, Connection, Date, …) are refused */
  bp_bytes body;         /* respond only */
  /* respond with status 200 on a safe route only, else ignored: for that long the host may answer the same route, query
   * and role from its copy, and it joins simultaneous requests into one. Never set it on an answer that depends on the
   * user, the session, the address or a header. */
  int64_t fresh_ms;
} bp_response;

/* The start of one part of a multipart body. */
typedef struct bp_part {
  uint32_t size;
  int32_t has_filename;
  bp_bytes name;
  bp_bytes filename;
  bp_bytes content_type;
} bp_part;

/* The host's side. Common results: BP_E_GONE the operation has ended, BP_E_INVALID a call in the wrong order or a bad
 * value. */
typedef struct bp_host_http {
  uint32_t size;
  uint32_t reserved;

  /* Answers whole. BP_E_LIMIT: the body is over 8 MiB; use begin and write. BP_E_AGAIN: too much of this instance is on
   * its way already; the operation is still open, answer it later. [any-thread] */
  bp_status (*respond)(const bp_host* host, bp_op op, const bp_response* response);

  /* Answers with an error in the route's own style. `status` is 400 … 599; `error_class` is kvmd's exception name
   * ("GpioChannelNotFoundError") and used in that style only, empty for the usual one. [any-thread] */
  bp_status (*fail)(const bp_host* host, bp_op op, int32_t status, bp_bytes error_class, bp_bytes text);

  /* Starts a streamed answer, or accepts a WebSocket (then a "Sec-WebSocket-Protocol" header chooses the protocol and
   * the status is ignored). BP_E_LIMIT: 64 streams of this instance are open; the host has answered 503. [any-thread]
   */
  bp_status (*begin)(const bp_host* host, bp_op op, const bp_response* head);

  /* Sends a piece; `kind` is BP_DATA_BYTES, or TEXT or BINARY on a WebSocket. BP_E_AGAIN: the window is spent,
   * on_writable follows. BP_E_LIMIT: larger than the window. [any-thread] */
  bp_status (*write)(const bp_host* host, bp_op op, int32_t kind, bp_bytes bytes);

  /* Ends a streamed answer. On a WebSocket `code` is the close code (0: 1000) and `reason` its text, else both are
   * ignored. [any-thread] */
  bp_status (*end)(const bp_host* host, bp_op op, int32_t code, bp_bytes reason);

  /* Gives `count` received bytes back to the sender's window. BP_E_INVALID: more than was received. [any-thread] */
  bp_status (*consume)(const bp_host* host, bp_op op, size_t count);
} bp_host_http;

/* The plugin's side. Only on_request and on_end must be set. [plugin-thread] */
typedef struct bp_plugin_http {
  uint32_t size;
  uint32_t route_count;
  const char* const* routes; /* the ids of the manifest's routes that this plugin answers: all of them, no other */

  void (*on_request)(void* self, const bp_request* request);

  /* Body "parts": a part begins; its bytes follow by on_data. */
  void (*on_part)(void* self, bp_op op, const bp_part* part);

  /* A piece of a raw or parts body, or a whole WebSocket message. `last` is 1 on the last piece of a body, which may be
   * empty. */
  void (*on_data)(void* self, bp_op op, int32_t kind, bp_bytes bytes, int32_t last);

  /* After BP_E_AGAIN: there is room again. */
  void (*on_writable)(void* self, bp_op op);

  void (*on_end)(void* self, bp_op op, int32_t reason);
} bp_plugin_http;

#endif
