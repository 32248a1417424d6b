// How a host-made refusal looks. The style belongs to the route, never to a request header
// (contracts/README.md "error style"). A dialect's style is data; exchange/dialects/ holds one file for each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "exchange/response.hpp"

namespace backplane::exchange {

struct Failure {
  base::Error error = base::Error::kInternal;
  std::string text;                 // for the person; empty: the status's phrase
  std::string kvmd_class = {};      // kvmd's exception name; empty: the usual one of the status
  std::int64_t retry_after_s = -1;  // Retry-After, if not negative
  bool login = false;               // the credential is missing or wrong, as against a right that lacks
  bool bearer = false;              // it was a bearer token
  int status = 0;                   // overrides the status of `error` if not 0
};

// What a dialect says of its refusals. The texts outlive every copy.
struct ErrorStyle {
  // Fills the body, and changes what else of the answer the dialect has its own way with. The answer comes with its
  // status and media type; `text` is the failure's, or the status's phrase.
  using Write = void (*)(const ErrorStyle& style, const Failure& failure, std::string_view text, Response& answer);

  std::string_view name;        // as manifests, OpenAPI and backplanectl write it
  std::string_view media_type;  // of the body
  std::string_view schema;      // the body's JSON schema, for OpenAPI
  Write write = nullptr;
  int login_refusal_status = 0;  // in place of 401 and 403, if not 0; an option of dialects that allow it

  bool operator==(const ErrorStyle&) const = default;
};

// RFC 9457's application/problem+json: what a route has that names no style.
extern const ErrorStyle kProblemStyle;

Response render_failure(const ErrorStyle& style, const Failure& failure);

// Whether a status is about who asks or what they may.
inline bool is_login_refusal(int status) {
  return status == 401 || status == 403;
}

// All styles, as they are without options; kProblemStyle is the first.
const std::vector<ErrorStyle>& error_styles();

// Their names, in the same order.
std::vector<std::string_view> error_style_names();

// The style of that name, or null.
const ErrorStyle* find_error_style(const std::vector<ErrorStyle>& styles, std::string_view name);

// 404 and 405 come before authentication and are plain text on every route (contracts/README.md).
Response not_found();
Response method_not_allowed(std::string_view allow);

}  // namespace backplane::exchange
