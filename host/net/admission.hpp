// Decides whether a request may reach its route: path, method, site, credential, scope, in this order
// (contracts/README.md: 404 and 405 come before authentication).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/head_check.hpp"
#include "net/channel.hpp"
#include "net/services.hpp"

namespace backplane::net {

// What a listener allows of all that the daemon can do.
struct ListenerPolicy {
  bool redirect_to_https = false;
  std::uint16_t https_port = 443;          // where the redirect points
  std::vector<std::string> path_prefixes;  // not empty: other paths do not exist here
};

// Either a route, or the answer that refuses.
struct Admission {
  std::shared_ptr<const http::Route> route;
  std::optional<exchange::Response> refusal;
};

// Fills in the request's path, query and parameters and finds its route. No credential is looked at.
Admission find_route(const Services& services, const ListenerPolicy& policy, exchange::Request& request);

// Finds out who asks and whether they may. Sets request->principal. Empty: admitted.
boost::asio::awaitable<std::optional<exchange::Response>> admit(Services& services, Channel& channel,
                                                                const http::Route& route,
                                                                std::shared_ptr<exchange::Request> request);

}  // namespace backplane::net
