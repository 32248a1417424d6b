#include "net/admission.hpp"

#include <algorithm>
#include <utility>

#include "http/fields.hpp"
#include "http/target.hpp"
#include "net/refusals.hpp"
#include "net/request_origin.hpp"

namespace backplane::net {
namespace {

using base::Error;
using exchange::Response;

// 308, so that a POST stays a POST.
Response redirect_to_https(const ListenerPolicy& policy, const exchange::Request& request) {
  std::string host(request.header("Host"));
  const std::size_t port = host.rfind(':');
  if (port != std::string::npos && host.find(']', port) == std::string::npos) host.resize(port);
  if (host.empty() || request.target.empty() || request.target.front() != '/') return text_refusal(400, "Bad Request");
  Response response = text_refusal(308, "Permanent Redirect");
  std::string location = "https://" + host;
  if (policy.https_port != 443) location += ":" + std::to_string(policy.https_port);
  response.headers.push_back({"Location", location + std::string(request.target)});
  return response;
}

// 403 whatever the dialect: no client of it meets this.
Response foreign_site(const http::Route& route) {
  Response response = exchange::render_failure(
      route.style, {.error = Error::kForbidden, .text = "The request comes from another site"});
  response.status = 403;
  return response;
}

bool allowed_path(const ListenerPolicy& policy, const std::string& path) {
  const auto covers = [&path](const std::string& prefix) {
    if (!path.starts_with(prefix)) return false;
    return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
  };
  return policy.path_prefixes.empty() || std::any_of(policy.path_prefixes.begin(), policy.path_prefixes.end(), covers);
}

}  // namespace

Admission find_route(const Services& services, const ListenerPolicy& policy, exchange::Request& request) {
  if (policy.redirect_to_https) return {nullptr, redirect_to_https(policy, request)};
  if (auto path = http::read_target_path(request.target, request.path, request.query); !path) {
    return {nullptr, text_refusal(400, path.error().text)};
  }
  if (!allowed_path(policy, request.path)) return {nullptr, exchange::not_found()};
  http::Match match = services.router.match(request.method, request.path);
  if (!match.route) {
    if (match.allow.empty()) return {nullptr, exchange::not_found()};
    if (request.method != "OPTIONS") return {nullptr, exchange::method_not_allowed(match.allow)};
    Response options;
    options.status = 204;
    options.headers.push_back({"Allow", match.allow});
    return {nullptr, std::move(options)};
  }
  request.path_parameters = std::move(match.parameters);
  if (!request.query.empty()) {
    if (auto fields = http::read_urlencoded(request.query, request.query_fields); !fields) {
      return {nullptr,
              exchange::render_failure(match.route->style, {.error = Error::kInvalid, .text = fields.error().text})};
    }
  }
  return {std::move(match.route), std::nullopt};
}

boost::asio::awaitable<std::optional<Response>> admit(Services& services, Channel& channel, const http::Route& route,
                                                      std::shared_ptr<exchange::Request> request) {
  if (route.scope == http::kPublicScope) {
    // Credentials sent along are ignored, good or bad. But a foreign page could log a browser in as somebody else.
    if (!route.safe && from_foreign_site(*request)) co_return foreign_site(route);
    co_return std::nullopt;
  }

  std::optional<auth::Verdict> verdict = services.gate.identify_now(*request);
  if (!verdict) {
    // A password has to be hashed. What the check says late, after the client has gone, falls on `found` alone.
    auto found = std::make_shared<std::optional<auth::Verdict>>();
    services.gate.identify_later(request, [found, weak = channel.weak_from_this()](auth::Verdict late) {
      *found = std::move(late);
      if (const auto alive = weak.lock()) alive->wake();
    });
    channel.set_deadline(0);
    while (!*found) {
      if (!co_await channel.wait()) co_return text_refusal(408, "Request Timeout");
    }
    verdict = std::move(*found);
  }
  if (verdict->refusal) co_return exchange::render_failure(route.style, *verdict->refusal);

  request->principal = std::move(verdict->principal);
  const bool changes = !route.safe || route.kind == http::RouteKind::kWebSocket;
  if (changes && sent_by_browsers(request->principal->credential) && from_foreign_site(*request)) {
    co_return foreign_site(route);
  }
  if (!request->principal->may(route.scope)) {
    co_return exchange::render_failure(route.style,
                                       {.error = Error::kForbidden, .text = "The role lacks the scope " + route.scope});
  }
  co_return std::nullopt;
}

}  // namespace backplane::net
