#include "plugin/plugin_routes.hpp"

#include <utility>

namespace backplane::plugin {

std::vector<http::Route> declared_routes(const std::string& instance, const std::string& mount,
                                         const Manifest& manifest) {
  std::vector<http::Route> routes;
  routes.reserve(manifest.routes.size());
  for (const ManifestRoute& declared : manifest.routes) {
    http::Route route;
    route.id = declared.id;
    route.owner = instance;
    route.method = declared.method;
    route.pattern = mount + (declared.path == "/" && !mount.empty() ? "" : declared.path);
    route.scope = declared.scope;
    route.style = declared.style;
    route.kind = declared.kind;
    route.body = declared.body;
    route.safe = declared.safe;
    route.body_bytes_max = declared.body_bytes_max;
    route.timeout_ms = declared.timeout_ms;
    route.operation_json = declared.operation_json;
    routes.push_back(std::move(route));
  }
  return routes;
}

std::vector<http::Route> routes_of(Instance& instance, const std::shared_ptr<const Manifest>& manifest,
                                   const std::vector<exchange::ErrorStyle>& styles) {
  std::vector<http::Route> routes = declared_routes(instance.name(), instance.identity().mount, *manifest);
  for (std::size_t index = 0; index < routes.size(); ++index) {
    if (const auto* style = exchange::find_error_style(styles, routes[index].style.name)) routes[index].style = *style;
    routes[index].handler = [&instance, manifest, index](const std::shared_ptr<op::Operation>& operation) {
      instance.handle(*manifest, index, operation);
    };
  }
  return routes;
}

}  // namespace backplane::plugin
