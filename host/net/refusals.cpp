#include "net/refusals.hpp"

#include <utility>

#include "exchange/dialects/styles.hpp"

namespace backplane::net {

using base::Error;
using exchange::Response;
using op::End;

Response text_refusal(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.content_type = exchange::kTextType;
  response.body = std::to_string(status) + ": " + std::string(text);
  return response;
}

Response last_refusal(int status, std::string_view text) {
  Response response = text_refusal(status, text);
  response.close = true;
  return response;
}

Response body_refusal(const http::Route& route, Error error, std::string text, int status) {
  Response response =
      exchange::render_failure(route.style, {.error = error, .text = std::move(text), .status = status});
  response.close = true;  // where the body ends is in doubt
  return response;
}

std::optional<Response> refuse_upgrade(const http::Route& route, const http::Head& head) {
  switch (head.websocket) {
    case http::WebSocketUpgrade::kAsked:
      return std::nullopt;
    case http::WebSocketUpgrade::kBadVersion: {
      Response response = last_refusal(426, "Upgrade Required");
      response.headers.push_back({"Sec-WebSocket-Version", "13"});
      return response;
    }
    case http::WebSocketUpgrade::kNone:
      if (route.style == exchange::kKvmdStyle) {
        Response response = last_refusal(400, "");
        response.body = "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\".";
        return response;
      }
      return last_refusal(426, "This is a WebSocket");
    case http::WebSocketUpgrade::kMalformed:
      return last_refusal(400, "The WebSocket upgrade is malformed");
  }
  return last_refusal(400, "Bad Request");
}

std::optional<exchange::Failure> failure_of(End end) {
  switch (end) {
    case End::kDeadline:
      return exchange::Failure{.error = Error::kTimeout, .text = "The answer did not come in time"};
    case End::kRevoked:
      return exchange::Failure{.error = Error::kForbidden, .text = "The session has ended"};
    case End::kStopping:
      return exchange::Failure{.error = Error::kUnavailable, .text = "Stopping", .retry_after_s = 5};
    case End::kOverrun:
      return exchange::Failure{.error = Error::kBadGateway, .text = "A limit was broken"};
    case End::kDone:
    case End::kClientGone:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace backplane::net
