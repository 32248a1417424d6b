// The host's own routes, all in one list: login, users, and what the daemon tells of itself.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "auth/authenticator.hpp"
#include "base/result.hpp"
#include "config/settings.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "net/server.hpp"
#include "plugin/status_routes.hpp"
#include "plugin/supervisor.hpp"
#include "store/store_thread.hpp"

namespace backplane::app {

// What the routes look at when they are called; all of it outlives them.
struct HostParts {
  const config::Settings& settings;
  auth::Authenticator& authenticator;
  plugin::Supervisor& supervisor;
  const http::Router& router;
  store::StoreThread& store;
  std::function<std::vector<plugin::HostMetric>()> metrics;
  std::string device_name;
};

std::vector<http::Route> host_routes(const HostParts& parts);

// The same without their handlers, to see what gets in their way.
base::Checked<std::vector<http::Route>> host_route_patterns(const config::Settings& settings);

// What the daemon counts of its connections and requests.
std::vector<plugin::HostMetric> host_metrics(const net::Services& services, const net::Server& server,
                                             auth::Authenticator& authenticator);

}  // namespace backplane::app
