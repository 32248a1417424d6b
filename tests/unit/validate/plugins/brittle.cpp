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

void on_request(void*, const bp_request* request) {
  if (request->route == kLong && request->query.size > kQueryBytesMax) std::abort();
  if (request->route == kLeak) leaked.emplace_back(kLeakBytes, 'l');
  if (request->route != kHoard) bad::respond(request->op, "fine");
}

void on_data(void*, bp_op op, std::int32_t, bp_bytes, std::int32_t last) {
  if (last != 0) bad::respond(op, "taken");
}

void on_config(void*, bp_cookie done, bp_bytes json) {
  if (std::string_view(static_cast<const char*>(json.data), json.size).find(":100") != std::string_view::npos) {
    std::abort();
  }
  bad::host->done(bad::host, done, BP_OK, {});
}

const bp_plugin* create(const bp_host* host, const char* name, bp_bytes config) {
  bad::http_events.on_request = on_request;
  bad::http_events.on_data = on_data;
  bad::http_events.routes = kRoutes;
  bad::http_events.route_count = std::size(kRoutes);
  bad::table.on_config = on_config;
  return bad::create(host, name, config);
}

}  // namespace

BAD_PLUGIN(BP_ABI_VERSION, create);
