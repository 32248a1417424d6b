// The routes of a plugin instance: as its manifest declares them, and with handlers that open the way over its link.
#pragma once

#include <vector>

#include "http/route.hpp"
#include "plugin/instance.hpp"

namespace backplane::plugin {

// Below the instance's mount, without handlers.
std::vector<http::Route> declared_routes(const std::string& instance, const std::string& mount,
                                         const Manifest& manifest);

// The routes of this manifest, which the instance has or may be about to get. The instance must outlive them. A style
// of `styles` takes the place of the declared one of its name.
std::vector<http::Route> routes_of(Instance& instance, const std::shared_ptr<const Manifest>& manifest,
                                   const std::vector<exchange::ErrorStyle>& styles);

}  // namespace backplane::plugin
