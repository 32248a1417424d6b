#include "exchange/error_style.hpp"

#include <backplane/json.hpp>
#include <utility>

#include "dialects/kvmd/answer.hpp"
#include "exchange/http_status.hpp"

namespace backplane::exchange {
namespace {

using backplane::sdk::JsonForm;
using backplane::sdk::JsonWriter;

std::string_view kvmd_class(int status) {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 417:
      return "ValidatorError";
    case 401:
      return "UnauthorizedError";
    case 403:
      return "ForbiddenError";
    case 409:
      return "IsBusyError";
    case 429:
      return "TooManyRequestsError";
    case 502:
    case 503:
    case 504:
      return "UnavailableError";
    default:
      return "HttpError";
  }
}

std::string one_line_body(ErrorStyle style, int status, std::string_view text) {
  JsonWriter json(JsonForm::kCompact);
  json.begin_object();
  if (style == ErrorStyle::kDragonmint || style == ErrorStyle::kDragonmintStandard) {
    json.key("success").boolean(false);
    json.key("message").string(text);
  } else if (style == ErrorStyle::kGravwell) {
    json.key("Error").string(text);
  } else {
    json.key("type").string("about:blank");
    json.key("title").string(reason_phrase(status));
    json.key("status").integer(status);
    json.key("detail").string(text);
  }
  json.end_object();
  return json.take();
}

bool is_login_refusal(int status) {
  return status == 401 || status == 403;
}

}  // namespace

Response render_failure(ErrorStyle style, const Failure& failure) {
  const int status = failure.status != 0 ? failure.status : http_status(failure.error);
  // A login refusal says nothing of why (S-20).
  const bool own_text = !failure.text.empty() && !(style == ErrorStyle::kKvmd && is_login_refusal(status));
  std::string text = own_text ? failure.text : std::string(reason_phrase(status));

  Response response;
  response.status = status;
  response.content_type = kJsonType;
  switch (style) {
    case ErrorStyle::kKvmd:
      response.body =
          dialects::kvmd::failure_answer(failure.kvmd_class.empty() ? kvmd_class(status) : failure.kvmd_class, text);
      break;
    case ErrorStyle::kDragonmint:
    case ErrorStyle::kDragonmintStandard:
      if (is_login_refusal(status)) {
        // contracts/README.md: refusals are HTTP 200, unless the owner chose real statuses.
        if (style == ErrorStyle::kDragonmint) response.status = 200;
        if (failure.login && failure.bearer) {
          response.body = R"({"success":false,"token":"expired"})";
          break;
        }
        text = "invalid request";
      }
      response.body = one_line_body(style, status, text);
      break;
    case ErrorStyle::kGravwell:
      // 401 says "you are logged out" to its clients, and 403 never does (gravwell.md §0).
      if (failure.login) {
        response.status = 401;
        response.headers.push_back({"WWW-Authenticate", "Bearer"});
        text = reason_phrase(401);
      }
      response.body = one_line_body(style, response.status, text);
      break;
    case ErrorStyle::kProblem:
      response.body = one_line_body(style, status, text);
      response.content_type = "application/problem+json";
      break;
  }
  if (failure.retry_after_s >= 0) response.headers.push_back({"Retry-After", std::to_string(failure.retry_after_s)});
  return response;
}

base::Checked<ErrorStyle> parse_error_style(std::string_view name) {
  if (name == "problem") return ErrorStyle::kProblem;
  if (name == "kvmd") return ErrorStyle::kKvmd;
  if (name == "dragonmint") return ErrorStyle::kDragonmint;
  if (name == "gravwell") return ErrorStyle::kGravwell;
  return base::problem(base::Error::kInvalid, "error style '" + std::string(name) +
                                                  "' is not known; allowed are problem, kvmd, dragonmint, gravwell");
}

Response not_found() {
  Response response;
  response.status = 404;
  response.content_type = kTextType;
  response.body = "404: Not Found";
  return response;
}

Response method_not_allowed(std::string_view allow) {
  Response response;
  response.status = 405;
  response.content_type = kTextType;
  response.body = "405: Method Not Allowed";
  response.headers.push_back({"Allow", std::string(allow)});
  return response;
}

}  // namespace backplane::exchange
