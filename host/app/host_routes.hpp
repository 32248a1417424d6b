// The host's own routes, all in one list: login, users, and what the daemon tells of itself.
#pragma once

#include <string>
#include <vector>

#include "auth/authenticator.hpp"
#include "config/settings.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "net/server.hpp"
#include "plugin/supervisor.hpp"
#include "store/store_thread.hpp"

namespace backplane::app {

// What the routes look at when they are called; all of it outlives them.
struct HostParts {
  const config::Settings& settings;
  auth::Authenticator& authenticator;
  plugin::Supervisor& supervisor;
  const http::Router& router;
  const net::Services& services;
  const net::Server& server;
  store::StoreThread& store;
  std::string device_name;
};

std::vector<http::Route> host_routes(const HostParts& parts);

}  // namespace backplane::app
