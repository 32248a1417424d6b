// The one reading of a request's head: strict about every byte, and what it says of framing and of the connection is
// what everybody uses. Nothing else parses a head (contracts/README.md "request heads", security.md S-32).
//
// Stricter than RFC 9112 where it leaves a choice: lines end in CRLF alone, one blank between the parts of the request
// line, no empty line before it, no folded header, Host exactly once on 1.1 and never empty, Content-Length once,
// digits only and never beside Transfer-Encoding, Transfer-Encoding exactly "chunked" and only on 1.1; Host,
// credentials, Content-Type and Origin only once. Methods: any token passes, the router answers 405 (TRACE too);
// CONNECT has no path to route and gets 501. Targets: "/path", "*" with OPTIONS, and "http(s)://host/path" where host
// is the same as in Host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "exchange/request.hpp"

namespace backplane::http {

// Why a request cannot be read: the status that answers it and a fixed sentence for the client.
struct Refusal {
  int status = 0;         // 0: nothing is wrong
  std::string_view text;  // static storage

  explicit operator bool() const noexcept { return status != 0; }
};

enum class Framing : std::uint8_t {
  kNone,  // no body; also where neither length nor coding is given (RFC 9112 §6.3)
  kLength,
  kChunked,
};

enum class WebSocketUpgrade : std::uint8_t {
  kNone,        // not asked for
  kAsked,       // GET, version 13 and a key of 24 characters
  kBadVersion,  // answer 426 with Sec-WebSocket-Version: 13 (RFC 6455 §4.4)
  kMalformed,   // answer 400: method, key or a body
};

// What a head says. The views look into the bytes that were checked.
struct Head {
  std::string_view method;
  std::string_view target;  // path and query from '/' on, or "*"; without scheme and authority
  std::string_view host;    // as sent, with the port; empty where HTTP/1.0 gave none
  int minor_version = 1;
  Framing framing = Framing::kNone;
  std::uint64_t body_bytes = 0;  // with Framing::kLength
  bool keep_alive = true;
  bool expect_continue = false;  // only where a body is announced, on 1.1
  WebSocketUpgrade websocket = WebSocketUpgrade::kNone;
  std::string_view websocket_key;  // with WebSocketUpgrade::kAsked
};

struct HeadEnd {
  std::size_t bytes = 0;  // length of the head with its empty line; 0: not all there yet
  Refusal refusal;        // 400 line ends or first byte, 414 request line, 431 head too long
};

// Looks for the end of the head in all bytes received so far. `resume` is 0 for a new head and kept by the caller
// between calls while the buffer grows, so that a slow sender costs no second look at a byte. What can never become a
// head (a TLS hello, a bare LF) is refused at once and not waited for.
HeadEnd find_head_end(std::string_view received, std::size_t& resume);

// Checks and reads a whole head, as find_head_end measured it. Fills `head` and `headers` (cleared first, capacity
// kept: the only memory this takes). On a refusal (400, 414, 417, 431, 501, 505) both are unusable and the connection
// must be closed after the answer: nothing behind a bad head can be trusted.
Refusal check_head(std::string_view bytes, std::vector<exchange::Header>& headers, Head& head);

}  // namespace backplane::http
