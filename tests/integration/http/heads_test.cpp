// Malformed and oversized request heads over TLS: each is refused, the connection ends, and nothing behind the head is
// ever taken for a request (S-23, S-25, S-32).
#include <string>
#include <vector>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

// What an attacker hides behind a head: were it read as a request, its path would stand in the answer's Location or
// its status would be a second one.
constexpr const char* kSmuggled = "GET /api/auth/check HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct BadHead {
  const char* name;
  std::string bytes;
  int status;
};

std::string get_with(const std::string& lines) {
  return "GET /login HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n";
}
std::string post_with(const std::string& lines) {
  return "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n\r\n";
}
std::string with_line(const std::string& request_line) {
  return request_line + "\r\nHost: localhost\r\n\r\n";
}
std::string many_headers(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += (i == 0 ? "X-" : "\r\nX-") + std::to_string(i) + ": y";
  return get_with(lines);
}

std::vector<BadHead> framing_heads() {
  using namespace std::string_literals;
  return {
      {"gzip", post_with("Transfer-Encoding: gzip"), 501},
      {"gzip, chunked", post_with("Transfer-Encoding: gzip, chunked"), 501},
      {"xchunked", post_with("Transfer-Encoding: xchunked"), 501},
      {"identity", post_with("Transfer-Encoding: identity"), 501},
      {"chunked, identity", post_with("Transfer-Encoding: chunked, identity"), 400},
      {"chunked twice", post_with("Transfer-Encoding: chunked, chunked"), 400},
      {"two codings", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
      {"empty coding", post_with("Transfer-Encoding:"), 400},
      {"vertical tab in the coding", post_with("Transfer-Encoding: \x0b"s + "chunked"), 400},
      {"quoted coding", post_with("Transfer-Encoding: \"chunked\""), 400},
      {"length and coding", post_with("Content-Length: 3\r\nTransfer-Encoding: chunked"), 400},
      {"coding and length", post_with("Transfer-Encoding: chunked\r\nContent-Length: 3"), 400},
      {"coding on HTTP/1.0", "POST /api/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"list of lengths", post_with("Content-Length: 3, 3"), 400},
      {"two equal lengths", post_with("Content-Length: 3\r\nContent-Length: 3"), 400},
      {"two lengths", post_with("Content-Length: 3\r\nContent-Length: 4"), 400},
      {"signed length", post_with("Content-Length: +3"), 400},
      {"negative length", post_with("Content-Length: -3"), 400},
      {"hexadecimal length", post_with("Content-Length: 0x3"), 400},
      {"blank in the length", post_with("Content-Length: 3 3"), 400},
      {"length over 64 bit", post_with("Content-Length: 18446744073709551616"), 400},
      {"empty length", post_with("Content-Length:"), 400},
  };
}

std::vector<BadHead> header_heads() {
  using namespace std::string_literals;
  return {
      {"blank before the colon", get_with("Content-Length : 3"), 400},
      {"empty name", get_with(": 3"), 400},
      {"no colon", get_with("Content-Length"), 400},
      {"name that is no token", get_with("X(y): 3"), 400},
      {"folded header", get_with("X: a\r\n b"), 400},
      {"NUL in a value", get_with("X: a\0b"s), 400},
      {"bare CR in a value", get_with("X: a\rb"), 400},
      {"bare LF after a header", "GET /login HTTP/1.1\r\nHost: localhost\n\r\n", 400},
      {"bare LF everywhere", "GET /login HTTP/1.1\nHost: localhost\n\n", 400},
      {"no Host", "GET /login HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get_with("Host: localhost"), 400},
      {"empty Host", "GET /login HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"Host with a path", "GET /login HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"Host list", "GET /login HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"two Authorization", get_with("Authorization: Basic x\r\nAuthorization: Bearer y"), 400},
      {"two X-KVMD-User", get_with("X-KVMD-User: a\r\nx-kvmd-user: b"), 400},
      {"another expectation", post_with("Expect: 200-ok\r\nContent-Length: 1"), 417},
      {"bad Connection option", get_with("Connection: close, k\"x"), 400},
      {"101 headers", many_headers(100), 431},  // Host is one more
      {"200 headers", many_headers(199), 431},
      {"head over 8 KiB", get_with("X: " + std::string(8 * 1024, 'a')), 431},
  };
}

std::vector<BadHead> line_heads() {
  using namespace std::string_literals;
  return {
      {"empty line first", "\r\nGET /login HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"two blanks", with_line("GET  /login HTTP/1.1"), 400},
      {"tab after the method", with_line("GET\t/login HTTP/1.1"), 400},
      {"no version", with_line("GET /login"), 400},
      {"lower-case version", with_line("GET /login http/1.1"), 400},
      {"HTTP/1.10", with_line("GET /login HTTP/1.10"), 400},
      {"HTTP/1.2", with_line("GET /login HTTP/1.2"), 505},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"method that is no token", with_line("G(T /login HTTP/1.1"), 400},
      {"CONNECT", with_line("CONNECT localhost:443 HTTP/1.1"), 501},
      {"target without a slash", with_line("GET login HTTP/1.1"), 400},
      {"fragment", with_line("GET /login#x HTTP/1.1"), 400},
      {"0xFF in the target", with_line("GET /login\xff HTTP/1.1"), 400},
      {"NUL in the target", with_line("GET /login\0 HTTP/1.1"s), 400},
      {"blank in the target", with_line("GET /log in HTTP/1.1"), 400},
      {"* with GET", with_line("GET * HTTP/1.1"), 400},
      {"absolute target of another host", with_line("GET http://other/ HTTP/1.1"), 400},
      {"target over 4 KiB", with_line("GET /" + std::string(4 * 1024, 'a') + " HTTP/1.1"), 414},
      {"TLS hello inside TLS", "\x16\x03\x01\x02"s, 400},
  };
}

class HttpHeads : public HttpSuite {
 protected:
  // Everything the daemon says until it ends the connection.
  static std::string all_answers(Client& client) {
    std::string answers;
    for (std::string piece = client.read_some(); !piece.empty(); piece = client.read_some()) answers += piece;
    return answers;
  }

  static void expect_refused(const std::vector<BadHead>& heads) {
    for (const BadHead& bad : heads) {
      SCOPED_TRACE(bad.name);
      Client connection = client();
      connection.send(bad.bytes + kSmuggled + kSmuggled);
      const Reply refusal = connection.read_reply();
      EXPECT_EQ(refusal.status, bad.status) << refusal.head << refusal.body;
      EXPECT_EQ(refusal.header("Connection"), "close");
      EXPECT_EQ(all_answers(connection), "");
      EXPECT_TRUE(connection.ended());
    }
  }
};

TEST_F(HttpHeads, S32_EveryDoubtAboutWhereABodyEndsIsRefusedAndNothingBehindItAnswered) {
  expect_refused(framing_heads());
}

TEST_F(HttpHeads, S32_EveryMalformedHeaderIsRefusedAndNothingBehindItAnswered) {
  expect_refused(header_heads());
}

TEST_F(HttpHeads, S32_EveryMalformedRequestLineIsRefusedAndNothingBehindItAnswered) {
  expect_refused(line_heads());
}

TEST_F(HttpHeads, S32_AMalformedChunkIsRefusedAndNothingBehindItAnswered) {
  for (const std::string chunks : {"3\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n",
                                   "3 \r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n",
                                   "fffffffffffffffff\r\nabc", "\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\nX y: z\r\n\r\n"}) {
    SCOPED_TRACE(chunks);
    Client connection = client();
    connection.send(line("POST /api/auth/login HTTP/1.1") +
                    "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks +
                    kSmuggled);
    const Reply refusal = connection.read_reply();
    EXPECT_EQ(refusal.status, 400) << refusal.head << refusal.body;
    EXPECT_EQ(all_answers(connection), "");
  }
}

TEST_F(HttpHeads, S32_ABodyThatLooksLikeARequestIsABody) {
  const std::string body = kSmuggled;
  Client connection = client();
  const Reply first = connection.request("POST", "/api/auth/login", {{"Content-Type", "text/plain"}}, body);
  EXPECT_EQ(first.status, 400);
  // The next answer is that of the next request and not of what stood in the body.
  EXPECT_EQ(connection.get("/login").status, 200);
}

TEST_F(HttpHeads, S25_AHeadOfJustUnder8KiBAnd100HeadersAreServed) {
  std::string head = line("GET /login HTTP/1.1") + "X: ";
  head += std::string(8 * 1024 - head.size() - 4, 'a') + "\r\n\r\n";
  Client connection = client();
  connection.send(head);
  EXPECT_EQ(connection.read_reply().status, 200);
  connection.send(many_headers(99));
  EXPECT_EQ(connection.read_reply().status, 200);
}

TEST_F(HttpHeads, S32_AHeadIsReadAlikeHoweverItIsCutIntoRecords) {
  const std::string head = line("GET /api/auth/check HTTP/1.1") + admin_line() + "\r\n";
  Client connection = client();
  for (const char byte : head) ASSERT_TRUE(connection.send({&byte, 1}));
  EXPECT_EQ(connection.read_reply().status, 200);
}

}  // namespace
}  // namespace backplane::integration
