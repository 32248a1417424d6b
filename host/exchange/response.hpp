// An answer, and the one place that maps our errors to HTTP and status numbers to their phrases.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "exchange/request.hpp"

namespace backplane::exchange {

int http_status(base::Error error);

// RFC 9110's phrase, or "Unknown" if it names none.
std::string_view reason_phrase(int status);

// One HTTP answer as every layer sees it: plain data. net adds Date, Content-Length, Connection and the security
// headers.
struct Response {
  int status = 200;
  std::string content_type;    // empty: no Content-Type header
  std::vector<Field> headers;  // any others, names and values already checked (see valid_header)
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // used in place of body if set, so that a copy costs nothing
  bool close = false;                              // close the connection after this answer
  std::int64_t fresh_ms = 0;                       // how long the host may answer alike requests from its copy

  std::string_view bytes() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
};

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";
inline constexpr std::string_view kTextType = "text/plain; charset=utf-8";

// Whether a name and value may stand in an answer's head: token characters, no control characters, and none of the
// names that belong to the host (framing, Date, Connection, Server).
bool valid_header(std::string_view name, std::string_view value);

}  // namespace backplane::exchange
