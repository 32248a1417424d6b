// The OpenAPI 3.1 document of all routes, for GET /api/openapi.json.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

namespace backplane::http {

struct OpenApiTitle {
  std::string_view title;    // the device's name
  std::string_view version;  // of the daemon
};

// A route's own operation object with a summary and a tag: enough for routes whose fields the summary names.
std::string openapi_operation(std::string_view summary, std::string_view tag);

// One line of JSON, the same for the same routes (give them in the order of Router::routes()). A route's own
// operation object is passed through, and what the host knows is added: operationId "owner.id", tag, path parameters,
// security, x-scope, x-error-style, and a default answer in the route's error style. A key that the route's object has
// already is kept, except for security and the x- keys, which are the host's to say. A tail is written as "{path}".
std::string openapi_document(const OpenApiTitle& title, const std::vector<std::shared_ptr<const Route>>& routes);

}  // namespace backplane::http
