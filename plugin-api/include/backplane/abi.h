/* The basic types of the Backplane plugin ABI: status codes, byte ranges, numbers that name things.
 *
 * C11, only <stddef.h> and <stdint.h>. The rules behind every header here:
 *  - Every function is a message: a host function copies its input, never blocks and never hands out host memory.
 *  - Things have numbers, not pointers: the host names operations (bp_op), the plugin names what it creates
 * (bp_cookie). No pointer outlives the call it is passed in, except the tables, the instance handle and static strings.
 *  - Events of one instance arrive on its own thread, one at a time [plugin-thread]. Host functions may be called from
 *    any thread [any-thread].
 *  - Nothing may throw or longjmp across a call.
 *  - Tables and structs start with their size; members are only ever appended. Read them through BP_HAS.
 */
#ifndef BACKPLANE_ABI_H
#define BACKPLANE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BP_EXTERN_C extern "C"
#else
#define BP_EXTERN_C extern
#endif
#define BP_EXPORT __attribute__((visibility("default")))

/* major << 16 | minor. While the major is 0 the host takes only its own minor; from 1.0 on it takes every minor up to
 * its own. */
#define BP_ABI_VERSION 0x00000001u

/* Result of a call: BP_OK or a negative code. */
typedef int32_t bp_status;

#define BP_OK 0
#define BP_E_INVALID (-1)     /* the input is wrong: a bad number, a bad header, a call in the wrong order */
#define BP_E_GONE (-2)        /* the operation has ended */
#define BP_E_AGAIN (-3)       /* no room now; the matching event says when there is */
#define BP_E_LIMIT (-4)       /* can never fit */
#define BP_E_DENIED (-5)      /* not granted by the configuration */
#define BP_E_UNSUPPORTED (-6) /* this host or plugin does not do that */
#define BP_E_CONFLICT (-7)    /* the name is taken */
#define BP_E_TIMEOUT (-8)
#define BP_E_UNAVAILABLE (-9)
#define BP_E_IO (-10)
#define BP_E_INTERNAL (-11)

/* An operation: something the host asked of the plugin and that ends exactly once. Never 0, never reused. */
typedef uint64_t bp_op;

/* A number that the plugin chose for something of its own, or that came with a question and goes back with its answer.
 */
typedef uint64_t bp_cookie;

/* Bytes that somebody else owns; not terminated. Text is UTF-8. data may be null where size is 0. */
typedef struct bp_bytes {
  const void* data;
  size_t size;
} bp_bytes;

/* A name and its value: a header, a query or form field, a path parameter. */
typedef struct bp_field {
  bp_bytes name;
  bp_bytes value;
} bp_field;

/* A list of fields. Step by `stride` bytes, not by sizeof(bp_field), so that the struct may grow. */
typedef struct bp_fields {
  const bp_field* items;
  size_t count;
  size_t stride;
} bp_fields;

/* Whether `member` lies within the size that its maker knew. For a function pointer, also check it for null. */
#define BP_HAS(table, member) \
  ((table)->size >= (size_t)((const char*)&(table)->member - (const char*)(table)) + sizeof((table)->member))

#endif
