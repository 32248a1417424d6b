// The bytes of an answer's head (RFC 9112 §4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "exchange/response.hpp"
#include "op/operation.hpp"

namespace backplane::net {

enum class BodyForm {
  kLength,   // Content-Length
  kChunked,  // Transfer-Encoding: chunked
  kToClose,  // HTTP/1.0: the end of the connection is the end of the body
  kNone,     // 1xx, 204, 304
};

// Appends status line and headers to `out`: those of the response, and the host's own (Date, framing, Connection,
// X-Content-Type-Options, Cache-Control: no-store where the response names none). Never a Server header.
void append_head(std::string& out, const exchange::Response& response, BodyForm form, std::size_t body_bytes,
                 bool keep_alive, std::int64_t wall_ms);

// One chunk with its size line (RFC 9112 §7.1). It is not empty.
void append_chunk(std::string& out, const op::Data& data);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace backplane::net
