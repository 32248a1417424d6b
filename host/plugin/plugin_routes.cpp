#include "plugin/plugin_routes.hpp"

#include "plugin/candidate.hpp"

namespace backplane::plugin {

std::vector<http::Route> routes_of(Instance& instance) {
  std::vector<http::Route> routes = declared_routes(instance.name(), instance.identity().mount, *instance.manifest());
  for (std::size_t index = 0; index < routes.size(); ++index) {
    routes[index].handler = [&instance, index](const std::shared_ptr<op::Operation>& operation) {
      instance.handle(index, operation);
    };
  }
  return routes;
}

}  // namespace backplane::plugin
