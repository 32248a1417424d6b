// A route: what the router finds, and the handler that answers. net and http know plugins only as routes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "exchange/error_style.hpp"
#include "http/limits.hpp"
#include "op/operation.hpp"

namespace backplane::http {

enum class RouteKind { kHttp, kWebSocket };

// What the host does with a request's body before and after it calls the handler.
enum class BodyKind {
  kNone,    // there is none; one that comes all the same is read, bounded, and dropped
  kFields,  // read whole and parsed (urlencoded, multipart, JSON) into Request::fields before the handler is called
  kRaw,     // the handler is called after the head; the bytes come by on_data under credit
  kParts,   // as kRaw, split into the parts of multipart/form-data: on_part, then on_data
};

// Called on the I/O thread once the request may pass; it answers the operation now or later.
using Handler = std::function<void(const std::shared_ptr<op::Operation>&)>;

inline constexpr char kPublicScope[] = "public";

struct Route {
  std::string id = {};     // unique within its owner
  std::string owner = {};  // "host", or the plugin instance's name; the router's replace_owner sets it
  std::string method;      // GET, POST, PUT, PATCH, DELETE; HEAD and OPTIONS are the host's
  std::string pattern;     // "/api/users/{id}/sessions", tail: "/files/{path...}"
  std::string scope;       // what the caller's role must grant, or kPublicScope; never empty
  exchange::ErrorStyle style = exchange::kProblemStyle;
  RouteKind kind = RouteKind::kHttp;
  BodyKind body = BodyKind::kNone;
  bool safe = false;  // changes nothing (S-10): GET by cookie from a foreign site is then harmless
  std::size_t body_bytes_max = limits::kBodyBytesDefaultMax;
  std::int64_t timeout_ms = limits::kRouteTimeoutMs;  // to the answer's first byte; 0: none
  std::string operation_json = {};                    // an OpenAPI operation object; empty: made from the rest
  Handler handler = {};
};

}  // namespace backplane::http
