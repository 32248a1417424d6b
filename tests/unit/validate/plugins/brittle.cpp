// Answers every plausible request. A long query ends its process, /leak keeps memory for good, /hoard takes a window of
// an upload and no more, and on_config answers one bound of its schema with an abort.
#include <cstdlib>
#include <vector>

#include "bad_plugins/bad.hpp"

namespace {

constexpr std::size_t kQueryBytesMax = 2500;
constexpr std::size_t kLeakBytes = 80 * 1024;
enum RouteIndex : std::uint32_t { kFine, kLong, kLeak, kHoard };
std::vector<std::string> leaked;
const char* const kRoutes[] = {"fine", "long", "leak", "hoard"};

void on_request(bad::Plugin& plugin, const bp_request& request) {
  if (request.route == kLong && request.query.size > kQueryBytesMax) std::abort();
  if (request.route == kLeak) leaked.emplace_back(kLeakBytes, 'l');
  if (request.route != kHoard) plugin.respond(request.op, "fine");
}

void on_data(void* self, bp_op op, std::int32_t, bp_bytes, std::int32_t last) {
  if (last != 0) bad::Plugin::of(self).respond(op, "taken");
}

void on_config(void* self, bp_cookie done, bp_bytes json) {
  if (bad::text(json).find(":100") != std::string_view::npos) std::abort();
  bad::Plugin::of(self).done(done);
}

bool prepare(bad::Plugin& plugin) {
  plugin.http_events.on_data = on_data;
  plugin.http_events.routes = kRoutes;
  plugin.http_events.route_count = std::size(kRoutes);
  plugin.table.on_config = on_config;
  return true;
}

constexpr bad::Misdeed kBrittle{"brittle", on_request, prepare};
const bp_plugin* create(const bp_host* host, const char*, bp_bytes) {
  return bad::create(host, kBrittle);
}

}  // namespace

BAD_PLUGIN(BP_ABI_VERSION, create);
