// What the bad plugins have in common: tables that work, on the C ABI alone, so that each file holds only its own
// misdeed.
#pragma once

#include <backplane/ext/health.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/plugin.h>

#include <string>
#include <string_view>

namespace bad {

inline const bp_host* host = nullptr;
inline const bp_host_http* http = nullptr;
inline const bp_host_health* health = nullptr;

inline bp_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}

inline bp_status respond(bp_op op, std::string_view body) {
  bp_response response{};
  response.size = sizeof response;
  response.status = 200;
  response.content_type = bytes("text/plain");
  response.body = bytes(body);
  return http->respond(host, op, &response);
}

inline void on_end(void*, bp_op, std::int32_t) {}
inline void start(void*, bp_cookie done) {
  host->done(host, done, BP_OK, {});
}
inline void stop(void*, bp_cookie done) {
  host->done(host, done, BP_OK, {});
}
inline void destroy(void*) {}

inline const char* const routes[] = {"go"};
inline bp_plugin_http http_events{sizeof(bp_plugin_http), 1, routes, nullptr, nullptr, nullptr, nullptr, on_end};

inline const void* get_extension(void*, const char* id) {
  return std::string_view(id) == BP_EXT_HTTP ? &http_events : nullptr;
}
inline bp_plugin table{sizeof(bp_plugin), 0, nullptr, get_extension, start, stop, destroy, nullptr, nullptr};

inline const bp_plugin* create(const bp_host* given, const char*, bp_bytes) {
  host = given;
  http = static_cast<const bp_host_http*>(given->get_extension(given, BP_EXT_HTTP));
  health = static_cast<const bp_host_health*>(given->get_extension(given, BP_EXT_HEALTH));
  return &table;
}

}  // namespace bad

extern "C" const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];
#define BAD_PLUGIN(abi, create_function)           \
  const bp_plugin_entry backplane_plugin_entry = { \
      sizeof(bp_plugin_entry), abi, {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, create_function}
