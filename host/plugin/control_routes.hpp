// The host's routes by which operators restart, disable and enable single plugins:
// POST /api/v1/plugins/{instance}/restart | disable | enable.
#pragma once

#include <vector>

#include "http/route.hpp"
#include "plugin/supervisor.hpp"

namespace backplane::plugin {

// Each answers, once the plugin is as asked, 200 with what GET /api/v1/plugins says of it; 404 for a name that nobody
// has; 409 or 503 with the reason where it cannot be done. The supervisor must outlive the routes.
std::vector<http::Route> control_routes(Supervisor& supervisor);

}  // namespace backplane::plugin
