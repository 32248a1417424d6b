// The host's routes by which operators restart, disable and enable single plugins:
// POST /api/v1/plugins/{instance}/restart | disable | enable.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "http/route.hpp"
#include "plugin/supervisor.hpp"

namespace backplane::plugin {

// Hears of each order and, behind the instance, why it could not be carried out: "plugin.restart", "plugin.disable",
// "plugin.enable".
using OrderNotice =
    std::function<void(const std::string& event, const exchange::Request& request, const std::string& instance)>;

// Each answers, once the plugin is as asked, 200 with what GET /api/v1/plugins says of it; 404 for a name that nobody
// has; 409 or 503 with the reason if it cannot be done. The supervisor must outlive the routes.
std::vector<http::Route> control_routes(Supervisor& supervisor, const OrderNotice& notice);

}  // namespace backplane::plugin
