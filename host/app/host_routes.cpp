#include "app/host_routes.hpp"

#include <utility>

#include "admin/audit_route.hpp"
#include "admin/user_routes.hpp"
#include "base/clock.hpp"
#include "feed/feed.hpp"
#include "http/openapi.hpp"
#include "login/doors.hpp"
#include "login/page.hpp"
#include "plugin/control_routes.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::app {
namespace {

http::Route openapi_route(const http::Router& router, std::string device_name) {
  return {.id = "openapi",
          .method = "GET",
          .pattern = "/api/openapi.json",
          .scope = "api.read",
          .safe = true,
          .operation_json = R"({"summary":"This document","responses":{"200":{"description":"OpenAPI 3.1"}}})",
          .handler = [&router, name = std::move(device_name)](const std::shared_ptr<op::Operation>& operation) {
            exchange::Response response;
            response.content_type = "application/json";
            response.body = http::openapi_document({.title = name, .version = BACKPLANE_VERSION}, router.routes());
            operation->respond(std::move(response));
          }};
}

// What only the daemon as a whole can say of its health.
std::vector<plugin::HealthNote> health_notes(const HostParts& parts) {
  std::vector<plugin::HealthNote> notes;
  if (const auto& problem = parts.store.disk_problem()) notes.push_back({problem->message(), true});
  for (const config::ListenSettings& listen : parts.settings.listen) {
    if (listen.kind == config::ListenSettings::Kind::kPlain && !listen.address.is_loopback()) {
      notes.push_back({"plain HTTP on " + listen.address.text() + " port " + std::to_string(listen.port) +
                           ": passwords and sessions can be read on the network; serve TLS there where clients can",
                       false});
    }
  }
  return notes;
}

}  // namespace

std::vector<http::Route> host_routes(const HostParts& parts) {
  const config::Settings& settings = parts.settings;
  std::vector<http::Route> routes;
  http::append(routes, login::page_routes(settings.compat.kvmd));
  http::append(routes, login::door_routes(parts.authenticator, settings));
  http::append(routes, admin::user_routes(parts.authenticator, parts.device_name));
  routes.push_back(admin::audit_route(parts.store));
  http::append(routes, plugin::status_routes(parts.supervisor, {.notes = [parts] { return health_notes(parts); },
                                                                .metrics = parts.metrics}));
  http::append(routes,
               plugin::control_routes(parts.supervisor, [&audit = parts.authenticator.audit()](
                                                            const std::string& event, const exchange::Request& request,
                                                            const std::string& instance) {
                 audit.note({.event = event,
                             .user = request.principal ? std::string_view(request.principal->user) : std::string_view(),
                             .address = request.client_address,
                             .detail = instance});
               }));
  routes.push_back(openapi_route(parts.router, parts.device_name));
  return routes;
}

base::Checked<std::vector<http::Route>> host_route_patterns(const config::Settings& settings) {
  auto memory = store::Store::in_memory();
  if (!memory) return memory.error();
  const auto state = auth::read_state(*memory);
  if (!state) return state.error();
  const base::Clock& clock = base::system_clock();
  const auto nobody = [](const std::function<void()>&) {};  // nothing is asked of the store
  store::StoreThread store(std::move(*memory), nobody);
  auth::Authenticator authenticator(store, *state, nobody, clock, {});
  http::Router router;
  feed::Feeds feeds;
  plugin::Supervisor supervisor(clock, router, feeds, {});
  auto routes = host_routes({.settings = settings,
                             .authenticator = authenticator,
                             .supervisor = supervisor,
                             .router = router,
                             .store = store,
                             .metrics = {},
                             .device_name = {}});
  for (http::Route& route : routes) route.handler = nullptr;  // they refer to what ends here
  return routes;
}

std::vector<plugin::HostMetric> host_metrics(const net::Services& services, const net::Server& server,
                                             auth::Authenticator& authenticator) {
  const net::Counters& counters = services.counters;
  const auto counter = [](std::string name, std::string labels, std::uint64_t value) {
    return plugin::HostMetric{std::move(name), std::move(labels), true, static_cast<double>(value)};
  };
  const auto gauge = [](std::string name, std::size_t value) {
    return plugin::HostMetric{std::move(name), "", false, static_cast<double>(value)};
  };
  return {counter("requests_total", "", counters.requests),
          counter("answers_total", R"(class="2xx")", counters.answers_2xx),
          counter("answers_total", R"(class="3xx")", counters.answers_3xx),
          counter("answers_total", R"(class="4xx")", counters.answers_4xx),
          counter("answers_total", R"(class="5xx")", counters.answers_5xx),
          counter("heads_refused_total", "", counters.heads_refused),
          counter("connections_accepted_total", "", counters.connections_accepted),
          counter("connections_refused_total", "", counters.connections_refused),
          counter("connections_flooding_total", "", counters.connections_flooding),
          counter("handshakes_failed_total", "", counters.handshakes_failed),
          gauge("connections", server.connections()),
          gauge("operations", services.operations.size()),
          gauge("sessions", authenticator.sessions().size())};
}

}  // namespace backplane::app
