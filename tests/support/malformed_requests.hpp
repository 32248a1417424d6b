// Requests that mean two things to two parsers, each with the answer that it gets (S-32, architecture.md "strict
// heads"). The parsers are tested with them byte by byte, and the daemon for what it does on the connection.
#pragma once

#include <string>
#include <vector>

#include "http/limits.hpp"

namespace backplane::support {

inline std::string with_line(const std::string& request_line) {
  return request_line + "\r\nHost: localhost\r\n\r\n";
}
inline std::string get_with(const std::string& lines) {
  return "GET /login HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n";
}
inline std::string post_with(const std::string& lines) {
  return "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n";
}
// Host is one of them.
inline std::string get_with_headers(std::size_t count) {
  std::string bytes = "GET /login HTTP/1.1\r\nHost: localhost\r\n";
  for (std::size_t i = 1; i < count; ++i) bytes += "X-" + std::to_string(i) + ": y\r\n";
  return bytes + "\r\n";
}

struct MalformedHead {
  const char* name;
  std::string bytes;
  int status;
};

inline const std::vector<MalformedHead>& malformed_heads() {
  using namespace std::string_literals;
  static const std::vector<MalformedHead> heads = {
      // Where a body ends, and headers: what lenient parsers were seen to take for something else.
      {"gzip is no coding of ours", post_with("Transfer-Encoding: gzip"), 501},
      {"gzip before chunked", post_with("Transfer-Encoding: gzip, chunked"), 501},
      {"xchunked", post_with("Transfer-Encoding: xchunked"), 501},
      {"identity", post_with("Transfer-Encoding: identity"), 501},
      {"chunked is not the last coding", post_with("Transfer-Encoding: chunked, identity"), 400},
      {"chunked twice", post_with("Transfer-Encoding: chunked, chunked"), 400},
      {"two Transfer-Encoding lines", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
      {"an empty Transfer-Encoding", post_with("Transfer-Encoding:"), 400},
      {"only a comma", post_with("Transfer-Encoding: ,"), 400},
      {"chunked with a parameter", post_with("Transfer-Encoding: chunked;q=1"), 400},
      {"a vertical tab before chunked", post_with("Transfer-Encoding: \x0b"s + "chunked"), 400},
      {"quoted chunked", post_with("Transfer-Encoding: \"chunked\""), 400},
      {"length and chunked", post_with("Content-Length: 3\r\nTransfer-Encoding: chunked"), 400},
      {"chunked and length", post_with("Transfer-Encoding: chunked\r\nContent-Length: 3"), 400},
      {"chunked on HTTP/1.0", "POST /api/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"a list of lengths", post_with("Content-Length: 3, 3"), 400},
      {"two equal lengths", post_with("Content-Length: 3\r\nContent-Length: 3"), 400},
      {"two lengths", post_with("Content-Length: 3\r\nContent-Length: 4"), 400},
      {"a signed length", post_with("Content-Length: +3"), 400},
      {"a negative length", post_with("Content-Length: -3"), 400},
      {"a hexadecimal length", post_with("Content-Length: 0x3"), 400},
      {"a fractional length", post_with("Content-Length: 3.0"), 400},
      {"a length with a blank in it", post_with("Content-Length: 3 3"), 400},
      {"a length over 64 bit", post_with("Content-Length: 18446744073709551616"), 400},
      {"an empty length", post_with("Content-Length:"), 400},
      {"a blank before the colon", get_with("Content-Length : 3"), 400},
      {"a tab before the colon", get_with("X\t: 3"), 400},
      {"an empty name", get_with(": 3"), 400},
      {"a header without a colon", get_with("Content-Length"), 400},
      {"a name that is no token", get_with("X(y): 3"), 400},
      {"a name with a byte over 0x7f", get_with("X\xc3\xa9: 3"), 400},
      {"a folded header", get_with("X: a\r\n b"), 400},
      {"a folded first header", "GET /login HTTP/1.1\r\n Host: localhost\r\n\r\n", 400},
      {"a NUL in a value", get_with("X: a\0b"s), 400},
      {"a bare CR in a value", get_with("X: a\rb"), 400},
      {"DEL in a value", get_with("X: a\x7f"), 400},
      {"a bare LF after a header", "GET /login HTTP/1.1\r\nHost: localhost\n\r\n", 400},
      {"a bare LF after the request line", "GET /login HTTP/1.1\nHost: localhost\r\n\r\n", 400},
      {"bare LF everywhere", "GET /login HTTP/1.1\nHost: localhost\n\n", 400},
      {"an LF as the empty line", "GET /login HTTP/1.1\r\nHost: localhost\r\n\n", 400},
      {"CR CR LF", "GET /login HTTP/1.1\r\r\nHost: localhost\r\n\r\n", 400},
      {"no Host", "GET /login HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get_with("Host: localhost"), 400},
      {"an empty Host", "GET /login HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"a Host with a path", "GET /login HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a Host with a user", "GET /login HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"a Host with a blank", "GET /login HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"a Host list", "GET /login HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a Host with a port over 65535", "GET /login HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400},
      {"a Host with a port that is no number", "GET /login HTTP/1.1\r\nHost: a:+80\r\n\r\n", 400},
      {"an IPv6 Host that does not end", "GET /login HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"two Hosts on HTTP/1.0", "GET /login HTTP/1.0\r\nHost: localhost\r\nHost: b\r\n\r\n", 400},
      {"two Authorization", get_with("Authorization: Basic x\r\nAuthorization: Bearer y"), 400},
      {"two X-KVMD-User", get_with("X-KVMD-User: a\r\nx-kvmd-user: b"), 400},
      {"two X-KVMD-Passwd", get_with("X-KVMD-Passwd: a\r\nX-KVMD-Passwd: b"), 400},
      {"two Content-Type", post_with("Content-Type: a/b\r\nContent-Type: c/d"), 400},
      {"two Origin", get_with("Origin: a\r\nOrigin: b"), 400},
      {"another expectation", post_with("Expect: 200-ok\r\nContent-Length: 1"), 417},
      {"a bad Connection option", get_with("Connection: close, k\"x"), 400},
      // Request lines.
      {"an empty line first", "\r\nGET /login HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"a blank first", " GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"two blanks after the method", with_line("GET  / HTTP/1.1"), 400},
      {"two blanks before the version", with_line("GET /  HTTP/1.1"), 400},
      {"a tab after the method", with_line("GET\t/ HTTP/1.1"), 400},
      {"a blank behind the version", with_line("GET /login HTTP/1.1 "), 400},
      {"no version", with_line("GET /"), 400},
      {"an empty version", with_line("GET / "), 400},
      {"a lower-case version", with_line("GET / http/1.1"), 400},
      {"a version without a dot", with_line("GET /login HTTP/11"), 400},
      {"HTTP/1.10", with_line("GET /login HTTP/1.10"), 400},
      {"HTTP/1.2", with_line("GET /login HTTP/1.2"), 505},
      {"HTTP/2.0", with_line("GET /login HTTP/2.0"), 505},
      {"HTTP/0.9", with_line("GET /login HTTP/0.9"), 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no method", with_line("/ HTTP/1.1"), 400},
      {"a method that is no token", with_line("G(T / HTTP/1.1"), 400},
      {"a very long method", with_line(std::string(33, 'A') + " / HTTP/1.1"), 501},
      {"CONNECT", with_line("CONNECT localhost:443 HTTP/1.1"), 501},
      {"CONNECT with a path", with_line("CONNECT / HTTP/1.1"), 501},
      {"a target without a slash", with_line("GET api HTTP/1.1"), 400},
      {"a fragment", with_line("GET /login#x HTTP/1.1"), 400},
      {"0xFF in the target", with_line("GET /\xff HTTP/1.1"), 400},
      {"a NUL in the target", with_line("GET /\0 HTTP/1.1"s), 400},
      {"a blank in the target", with_line("GET /a b HTTP/1.1"), 400},
      {"* with GET", with_line("GET * HTTP/1.1"), 400},
      {"another scheme", with_line("GET ftp://a/ HTTP/1.1"), 400},
      {"an absolute target of another host", with_line("GET http://b/ HTTP/1.1"), 400},
      {"an absolute target without a host", with_line("GET http:///x HTTP/1.1"), 400},
      {"an absolute target with a user", with_line("GET http://u@localhost/ HTTP/1.1"), 400},
      {"an absolute target without a path", with_line("GET http://localhost?x HTTP/1.1"), 400},
      {"a target that is too long", with_line("GET /" + std::string(http::limits::kTargetBytesMax, 'a') + " HTTP/1.1"),
       414},
      {"a request line without end", "GET /" + std::string(5000, 'a'), 414},
      {"a head that is too long", get_with("X: " + std::string(http::limits::kHeadBytesMax, 'a')), 431},
      {"a head without end", "GET /login HTTP/1.1\r\nX: " + std::string(http::limits::kHeadBytesMax, 'a'), 431},
      {"101 headers", get_with_headers(101), 431},
      {"a TLS hello", "\x16\x03\x01\x02"s, 400},
  };
  return heads;
}

// Behind the head of a chunked request: each is answered 400.
inline const std::vector<std::string>& malformed_chunks() {
  using namespace std::string_literals;
  static const std::vector<std::string> chunks = {
      "\r\n",
      "x\r\n",
      "0x5\r\nhello\r\n0\r\n\r\n",
      "+5\r\nhello\r\n0\r\n\r\n",
      "-5\r\nhello\r\n0\r\n\r\n",
      " 5\r\nhello\r\n0\r\n\r\n",
      "5 \r\nhello\r\n0\r\n\r\n",
      "5\t;x\r\nhello\r\n0\r\n\r\n",
      "5 5\r\nhello\r\n0\r\n\r\n",
      "5\nhello\r\n0\r\n\r\n",
      "5\rhello\r\n0\r\n\r\n",
      "5;a\nhello\r\n0\r\n\r\n",
      "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
      "5;a\0b\r\nhello\r\n0\r\n\r\n"s,
      ";x\r\nhello\r\n0\r\n\r\n",
      "5\r\nhello0\r\n\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhelloworld\r\n0\r\n\r\n",
      "00000000000000005\r\nhello\r\n0\r\n\r\n",
      "10000000000000005\r\nhello\r\n0\r\n\r\n",
      "0\r\nno colon\r\n\r\n",
      "0\r\n: empty\r\n\r\n",
      "0\r\na : b\r\n\r\n",
      "0\r\na: b\r\n folded\r\n\r\n",
      "0\r\na: b\n\r\n",
      "0\r\na: \x01\r\n\r\n",
      "0\r\n\n",
      "0\r\n\rx",
      "0\n\n",
      "5;" + std::string(5000, 'x') + "\r\nhello\r\n0\r\n\r\n",
      "0\r\na: " + std::string(5000, 'x') + "\r\n\r\n",
      "3\r\nabc\r\n0\r\nX y: z\r\n\r\n",
  };
  return chunks;
}

// Targets that begin with a slash and hide another path: each is answered 400.
inline const std::vector<std::string>& ambiguous_paths() {
  static const std::vector<std::string> paths = {"/%",
                                                 "/%2",
                                                 "/%zz",
                                                 "/%2f",
                                                 "/a%2Fb",
                                                 "/%00",
                                                 "/%0a",
                                                 "/%7f",
                                                 "/%1B",
                                                 "/.",
                                                 "/..",
                                                 "/a/../b",
                                                 "/a/./b",
                                                 "/%2e%2e/etc",
                                                 "/.%2e",
                                                 "/%2E",
                                                 "/%ff",
                                                 "/%C3",
                                                 "/%ed%a0%80",
                                                 "/%c0%af",
                                                 "/api/auth/../v1/users",
                                                 "/api/auth/%2e%2e/v1/users",
                                                 "/api%2fv1%2fusers",
                                                 "/api/v1/users%00",
                                                 "/./api/v1/users"};
  return paths;
}

}  // namespace backplane::support
