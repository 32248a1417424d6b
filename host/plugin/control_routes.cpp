#include "plugin/control_routes.hpp"

#include <backplane/json.hpp>
#include <string>
#include <utility>

#include "link/limits.hpp"
#include "plugin/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::plugin {
namespace {

using Action = void (Supervisor::*)(std::string_view, Supervisor::Done);

http::Route control_route(Supervisor& supervisor, const char* word, const char* summary, Action action,
                          const OrderNotice& notice) {
  http::Route route;
  route.id = std::string("plugin_") + word;
  route.owner = "host";
  route.method = "POST";
  route.pattern = std::string("/api/v1/plugins/{instance}/") + word;
  route.scope = "plugins.write";
  route.timeout_ms = limits::kPluginStartMs + 2 * link::limits::kPluginStopMs;
  sdk::JsonWriter json;
  json.begin_object();
  json.key("summary").string(summary);
  json.key("responses").raw(R"({"200":{"description":"The plugin as it is now"},
"404":{"description":"There is no such instance"},"409":{"description":"Not in its present state"},
"503":{"description":"It did not come up"}})");
  json.end_object();
  route.operation_json = json.take();
  route.handler = [&supervisor, action, notice,
                   event = std::string("plugin.") + word](const std::shared_ptr<op::Operation>& operation) {
    const std::string instance = operation->request().path_parameters.front().value;
    (supervisor.*action)(instance,
                         [&supervisor, instance, operation, notice, event](std::optional<base::Problem> problem) {
                           if (problem) {
                             notice(event, operation->request(), instance + ", which failed: " + problem->text);
                             operation->fail({.error = problem->code, .text = problem->text});
                             return;
                           }
                           notice(event, operation->request(), instance);
                           exchange::Response response;
                           response.content_type = exchange::kJsonType;
                           response.body = plugin_json(*supervisor.find(instance));
                           operation->respond(std::move(response));
                         });
  };
  return route;
}

}  // namespace

std::vector<http::Route> control_routes(Supervisor& supervisor, const OrderNotice& notice) {
  std::vector<http::Route> routes;
  routes.push_back(control_route(supervisor, "restart", "Restart a plugin", &Supervisor::restart, notice));
  routes.push_back(
      control_route(supervisor, "disable", "Stop a plugin and keep it down", &Supervisor::disable, notice));
  routes.push_back(control_route(supervisor, "enable", "Start a plugin that is down", &Supervisor::enable, notice));
  return routes;
}

}  // namespace backplane::plugin
