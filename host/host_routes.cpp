#include "host_routes.hpp"

#include <iterator>
#include <utility>

#include "http/openapi.hpp"
#include "login/kvmd.hpp"
#include "login/page.hpp"
#include "login/user_routes.hpp"

namespace backplane {
namespace {

void append(std::vector<http::Route>& all, std::vector<http::Route> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

http::Route openapi_route(const http::Router& router, std::string device_name) {
  http::Route route;
  route.id = "openapi";
  route.method = "GET";
  route.pattern = "/api/openapi.json";
  route.scope = "api.read";
  route.safe = true;
  route.operation_json = R"({"summary":"This document","responses":{"200":{"description":"OpenAPI 3.1"}}})";
  route.handler = [&router, name = std::move(device_name)](const std::shared_ptr<op::Operation>& operation) {
    exchange::Response response;
    response.content_type = "application/json";
    response.body = http::openapi_document({.title = name, .version = BACKPLANE_VERSION}, router.routes());
    operation->respond(std::move(response));
  };
  return route;
}

}  // namespace

std::vector<http::Route> host_routes(const HostParts& parts) {
  const config::Settings& settings = parts.settings;
  std::vector<http::Route> routes;
  append(routes, login::page_routes(settings.compat.kvmd));
  append(routes, login::kvmd_routes(parts.authenticator, settings.compat.kvmd, settings.auth.sessions.kvmd));
  append(routes, login::user_routes(parts.authenticator));
  routes.push_back(openapi_route(parts.router, parts.device_name));
  return routes;
}

}  // namespace backplane
