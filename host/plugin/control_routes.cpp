#include "plugin/control_routes.hpp"

#include <fmt/format.h>

#include <backplane/json.hpp>
#include <string>
#include <string_view>

#include "link/limits.hpp"
#include "plugin/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::plugin {
namespace {

using Action = void (Supervisor::*)(std::string_view, Supervisor::Done);

struct Order {
  std::string_view word;
  std::string_view summary;
  Action action;
};
constexpr Order kOrders[] = {
    {.word = "restart", .summary = "Restart a plugin", .action = &Supervisor::restart},
    {.word = "disable", .summary = "Stop a plugin and keep it down", .action = &Supervisor::disable},
    {.word = "enable", .summary = "Start a plugin that is down", .action = &Supervisor::enable},
};

std::string describe(std::string_view summary) {
  sdk::JsonWriter json;
  json.begin_object();
  json.key("summary").string(summary);
  json.key("responses").raw(R"({"200":{"description":"The plugin as it is now"},
"404":{"description":"There is no such instance"},"409":{"description":"Not in its present state"},
"503":{"description":"It did not come up"}})");
  json.end_object();
  return json.take();
}

http::Handler carry_out(const Order& order, Supervisor& supervisor, const OrderNotice& notice) {
  return [&supervisor, action = order.action, notice,
          event = fmt::format("plugin.{}", order.word)](const std::shared_ptr<op::Operation>& operation) {
    const std::string instance = operation->request().path_parameters.front().value;
    const auto done = [&supervisor, instance, operation, notice, event](const std::optional<base::Problem>& problem) {
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
    };
    (supervisor.*action)(instance, done);
  };
}

}  // namespace

std::vector<http::Route> control_routes(Supervisor& supervisor, const OrderNotice& notice) {
  std::vector<http::Route> routes;
  for (const Order& order : kOrders) {
    routes.push_back({.id = fmt::format("plugin_{}", order.word),
                      .owner = "host",
                      .method = "POST",
                      .pattern = fmt::format("/api/v1/plugins/{{instance}}/{}", order.word),
                      .scope = "plugins.write",
                      .timeout_ms = limits::kPluginStartMs + 2 * link::limits::kPluginStopMs,
                      .operation_json = describe(order.summary),
                      .handler = carry_out(order, supervisor, notice)});
  }
  return routes;
}

}  // namespace backplane::plugin
