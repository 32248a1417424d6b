// What plugins with a misdeed have in common: tables that work, on the C ABI alone, so that a row holds only its own
// misdeed. Everything is an instance's own, for two instances of one module share its globals.
#pragma once

#include <backplane/ext/health.h>
#include <backplane/ext/http.h>
#include <backplane/ext/loop.h>
#include <backplane/plugin.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace bad {

struct Plugin;

// A plugin that is in order but for this.
struct Misdeed {
  const char* name;
  void (*on_request)(Plugin&, const bp_request&);
  bool (*prepare)(Plugin&) = nullptr;  // within create: may change the tables; false refuses to live
};

inline bp_bytes bytes(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view text(bp_bytes given) {
  return {static_cast<const char*>(given.data), given.size};
}

struct Plugin {
  static Plugin& of(void* self) { return *static_cast<Plugin*>(self); }

  bp_status respond(bp_op op, std::string_view body) {
    bp_response response{};
    response.size = sizeof response;
    response.status = 200;
    response.content_type = bytes("text/plain");
    response.body = bytes(body);
    return http->respond(host, op, &response);
  }
  bp_status done(bp_cookie cookie) { return host->done(host, cookie, BP_OK, {}); }

  const bp_host* host;
  const Misdeed& misdeed;
  const bp_host_http* http = static_cast<const bp_host_http*>(host->get_extension(host, BP_EXT_HTTP));
  const bp_host_health* health = static_cast<const bp_host_health*>(host->get_extension(host, BP_EXT_HEALTH));
  const bp_host_loop* loop = static_cast<const bp_host_loop*>(host->get_extension(host, BP_EXT_LOOP));

  static constexpr const char* kRoutes[] = {"go"};
  bp_plugin_http http_events{sizeof(bp_plugin_http),
                             1,
                             kRoutes,
                             [](void* self, const bp_request* request) {
                               Plugin& plugin = of(self);
                               plugin.misdeed.on_request(plugin, *request);
                             },
                             nullptr,
                             nullptr,
                             nullptr,
                             [](void*, bp_op, std::int32_t) {}};
  bp_plugin_loop loop_events{sizeof(bp_plugin_loop), 0, nullptr, nullptr, nullptr};
  bp_plugin table{sizeof(bp_plugin),
                  0,
                  this,
                  [](void* self, const char* id) -> const void* {
                    if (std::string_view(id) == BP_EXT_LOOP) return &of(self).loop_events;
                    return std::string_view(id) == BP_EXT_HTTP ? &of(self).http_events : nullptr;
                  },
                  [](void* self, bp_cookie done) { of(self).done(done); },
                  [](void* self, bp_cookie done) { of(self).done(done); },
                  [](void* self) { delete &of(self); },
                  nullptr,
                  nullptr};
};

// The body of a create function. Null: it refused.
inline const bp_plugin* create(const bp_host* host, const Misdeed& misdeed) {
  std::unique_ptr<Plugin> plugin(new Plugin{host, misdeed});
  if (misdeed.prepare != nullptr && !misdeed.prepare(*plugin)) return nullptr;
  return &plugin.release()->table;
}

// The row that the configuration names: {"misdeed": "throws"}. Null: none of these.
inline const Misdeed* chosen(std::span<const Misdeed> rows, bp_bytes config) {
  for (const Misdeed& row : rows) {
    if (text(config).find('"' + std::string(row.name) + '"') != std::string_view::npos) return &row;
  }
  return nullptr;
}

// Nothing wrong here: it must go on answering whatever its neighbour does.
inline constexpr Misdeed kGood{"good",
                               [](Plugin& plugin, const bp_request& request) { plugin.respond(request.op, "good"); }};
inline const bp_plugin* create_good(const bp_host* host, const char*, bp_bytes) {
  return create(host, kGood);
}

}  // namespace bad

extern "C" const unsigned char backplane_manifest[BACKPLANE_MANIFEST_SIZE];
#define BAD_PLUGIN(abi, create_function)           \
  const bp_plugin_entry backplane_plugin_entry = { \
      sizeof(bp_plugin_entry), abi, {backplane_manifest, BACKPLANE_MANIFEST_SIZE}, create_function}
