// What a client hears if its request gets no further than its connection: nobody was asked, or nobody could answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "exchange/response.hpp"
#include "http/head_check.hpp"
#include "http/router.hpp"
#include "op/operation.hpp"

namespace backplane::net {

// "404: Not Found", as text.
exchange::Response text_refusal(int status, std::string_view text);
// The same, and the connection ends: nobody knows what its next bytes are.
exchange::Response last_refusal(int status, std::string_view text);

// In the route's style. The connection ends, for where the body ends is in doubt.
exchange::Response body_refusal(const http::Route& route, base::Error error, std::string text, int status = 0);

// What is wrong with the upgrade that a WebSocket route needs; kvmd's own text in its style (pikvm.md §7).
std::optional<exchange::Response> refuse_upgrade(const http::Route& route, const http::Head& head);

// If an operation ended before its answer; empty if nobody listens any more.
std::optional<exchange::Failure> failure_of(op::End end);

}  // namespace backplane::net
