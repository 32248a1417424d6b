#include "plugin/plugin_routes.hpp"

#include "plugin/candidate.hpp"

namespace backplane::plugin {

std::vector<http::Route> routes_of(Instance& instance, const std::shared_ptr<const Manifest>& manifest,
                                   exchange::ErrorStyle dragonmint) {
  std::vector<http::Route> routes = declared_routes(instance.name(), instance.identity().mount, *manifest);
  for (std::size_t index = 0; index < routes.size(); ++index) {
    if (routes[index].style == exchange::ErrorStyle::kDragonmint) routes[index].style = dragonmint;
    routes[index].handler = [&instance, manifest, index](const std::shared_ptr<op::Operation>& operation) {
      instance.handle(*manifest, index, operation);
    };
  }
  return routes;
}

}  // namespace backplane::plugin
