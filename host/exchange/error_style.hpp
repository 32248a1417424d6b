// How a host-made refusal looks. The style belongs to the route, never to a request header
// (contracts/README.md "error style").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/result.hpp"
#include "exchange/response.hpp"

namespace backplane::exchange {

enum class ErrorStyle {
  kProblem,             // RFC 9457 application/problem+json
  kKvmd,                // pikvm.md §2: {"ok": false, "result": {"error": class, "error_msg": text}}
  kDragonmint,          // HTTP 200 with {"success":false,"message":…} for refusals of login and scope
  kGravwell,            // {"Error": text}; 401 for every credential that is missing or wrong
  kDragonmintStandard,  // kDragonmint with real statuses (compat.dragonmint.http_status); no route's own choice
};

struct Failure {
  base::Error error = base::Error::kInternal;
  std::string text;                 // for the person; empty: the status's phrase
  std::string kvmd_class = {};      // kvmd's exception name; empty: the usual one of the status
  std::int64_t retry_after_s = -1;  // Retry-After, where not negative
  bool login = false;               // the credential is missing or wrong, as against a right that lacks
  bool bearer = false;              // it was a bearer token
  int status = 0;                   // overrides the status of `error` where not 0
};

Response render_failure(ErrorStyle style, const Failure& failure);

// "kvmd", "dragonmint", "gravwell", "problem".
base::Checked<ErrorStyle> parse_error_style(std::string_view name);

// 404 and 405 come before authentication and are plain text on every route (contracts/README.md).
Response not_found();
Response method_not_allowed(std::string_view allow);

}  // namespace backplane::exchange
