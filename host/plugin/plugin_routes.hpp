// The routes of a plugin instance, whose handlers open the way over its link.
#pragma once

#include <vector>

#include "http/route.hpp"
#include "plugin/instance.hpp"

namespace backplane::plugin {

// The instance must outlive the routes, and have a manifest.
std::vector<http::Route> routes_of(Instance& instance);

}  // namespace backplane::plugin
