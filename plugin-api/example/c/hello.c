/* The smallest plugin in C11, on the ABI alone: GET /api/hello-c answers {"message": "Hello from C!"}. */
#include <backplane/ext/http.h>
#include <backplane/plugin.h>
#include <stdlib.h>
#include <string.h>

extern const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];

typedef struct instance {
  bp_plugin table;
  const bp_host* host;
  const bp_host_http* http;
} instance;

static bp_bytes text(const char* characters) {
  return (bp_bytes){characters, strlen(characters)};
}

static void on_request(void* self, const bp_request* request) {
  const instance* it = self;
  const bp_response response = {.size = sizeof response,
                                .status = 200,
                                .content_type = text("application/json"),
                                .body = text("{\"message\": \"Hello from C!\"}"),
                                .fresh_ms = 1000};
  it->http->respond(it->host, request->op, &response);
}

static void on_end(void* self, bp_op op, int32_t reason) {
  (void)self, (void)op, (void)reason; /* nothing is kept for an operation */
}

static const char* const routes[] = {"hello"};
static const bp_plugin_http http = {
    .size = sizeof http, .route_count = 1, .routes = routes, .on_request = on_request, .on_end = on_end};

static const void* get_extension(void* self, const char* id) {
  (void)self;
  return strcmp(id, BP_EXT_HTTP) == 0 ? &http : NULL;
}

static void start(void* self, bp_cookie done) {
  const instance* it = self;
  it->host->done(it->host, done, BP_OK, text(""));
}

static const bp_plugin* create(const bp_host* host, const char* instance_name, bp_bytes config_json) {
  (void)instance_name, (void)config_json;
  const bp_host_http* host_http = host->get_extension(host, BP_EXT_HTTP);
  instance* it = calloc(1, sizeof *it);
  if (it == NULL || host_http == NULL) {
    free(it);
    return NULL;
  }
  it->table = (bp_plugin){.size = sizeof it->table,
                          .self = it,
                          .get_extension = get_extension,
                          .start = start,
                          .stop = start, /* both have nothing to do */
                          .destroy = free};
  it->host = host;
  it->http = host_http;
  return &it->table;
}

const bp_plugin_entry backplane_plugin_entry = {
    sizeof(bp_plugin_entry), BP_ABI_VERSION, {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, create};
