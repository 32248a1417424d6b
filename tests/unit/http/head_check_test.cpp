#include "http/head_check.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "http/limits.hpp"

namespace backplane::http {
namespace {

struct Reading {
  std::shared_ptr<const std::string> bytes;  // what the views look into
  Refusal refusal;
  bool complete = false;
  Head head;
  std::vector<exchange::Header> headers;
  std::size_t head_bytes = 0;
};

// Reads as a connection does: the end of the head, then its content.
Reading read(std::string_view received) {
  Reading reading;
  reading.bytes = std::make_shared<const std::string>(received);
  const std::string_view bytes = *reading.bytes;
  std::size_t resume = 0;
  const HeadEnd end = find_head_end(bytes, resume);
  reading.refusal = end.refusal;
  if (end.refusal || end.bytes == 0) return reading;
  reading.complete = true;
  reading.head_bytes = end.bytes;
  reading.refusal = check_head(bytes.substr(0, end.bytes), reading.headers, reading.head);
  return reading;
}

struct BadCase {
  const char* name;
  std::string bytes;
  int status;
};

std::string get_with(const std::string& line) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n";
}
std::string post_with(const std::string& lines) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n";
}
std::string line_of(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}
std::string many_headers(std::size_t count) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 1; i < count; ++i) bytes += "X: y\r\n";
  return bytes + "\r\n";
}

const std::vector<BadCase>& bad_cases() {
  using namespace std::string_literals;
  static const std::vector<BadCase> cases = {
      // What lenient parsers were seen to take for something else (S-32, architecture.md "strict heads").
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
      {"chunked on HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
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
      {"a folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"a NUL in a value", get_with("X: a\0b"s), 400},
      {"a bare CR in a value", get_with("X: a\rb"), 400},
      {"DEL in a value", get_with("X: a\x7f"), 400},
      {"a bare LF after a header", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
      {"a bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"an LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get_with("Host: a"), 400},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400},
      {"a Host with a blank", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"a Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a Host with a port over 65535", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400},
      {"a Host with a port that is no number", "GET / HTTP/1.1\r\nHost: a:+80\r\n\r\n", 400},
      {"an IPv6 Host that does not end", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
      {"two Hosts on HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"two Authorization", get_with("Authorization: Basic x\r\nAuthorization: Bearer y"), 400},
      {"two X-KVMD-User", get_with("X-KVMD-User: a\r\nx-kvmd-user: b"), 400},
      {"two X-KVMD-Passwd", get_with("X-KVMD-Passwd: a\r\nX-KVMD-Passwd: b"), 400},
      {"two Content-Type", post_with("Content-Type: a/b\r\nContent-Type: c/d"), 400},
      {"two Origin", get_with("Origin: a\r\nOrigin: b"), 400},
      {"another expectation", post_with("Expect: 200-ok\r\nContent-Length: 1"), 417},
      {"a bad Connection option", get_with("Connection: close, k\"x"), 400},
      // Request lines.
      {"an empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a blank first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two blanks after the method", line_of("GET  / HTTP/1.1"), 400},
      {"two blanks before the version", line_of("GET /  HTTP/1.1"), 400},
      {"a tab after the method", line_of("GET\t/ HTTP/1.1"), 400},
      {"a blank behind the version", line_of("GET / HTTP/1.1 "), 400},
      {"no version", line_of("GET /"), 400},
      {"an empty version", line_of("GET / "), 400},
      {"a lower-case version", line_of("GET / http/1.1"), 400},
      {"a version without a dot", line_of("GET / HTTP/11"), 400},
      {"HTTP/1.10", line_of("GET / HTTP/1.10"), 400},
      {"HTTP/1.2", line_of("GET / HTTP/1.2"), 505},
      {"HTTP/2.0", line_of("GET / HTTP/2.0"), 505},
      {"HTTP/0.9", line_of("GET / HTTP/0.9"), 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no method", line_of("/ HTTP/1.1"), 400},
      {"a method that is no token", line_of("G(T / HTTP/1.1"), 400},
      {"a very long method", line_of(std::string(33, 'A') + " / HTTP/1.1"), 501},
      {"CONNECT", line_of("CONNECT a:443 HTTP/1.1"), 501},
      {"CONNECT with a path", line_of("CONNECT / HTTP/1.1"), 501},
      {"a target without a slash", line_of("GET api HTTP/1.1"), 400},
      {"a fragment", line_of("GET /a#b HTTP/1.1"), 400},
      {"0xFF in the target", line_of("GET /\xff HTTP/1.1"), 400},
      {"a NUL in the target", line_of("GET /\0 HTTP/1.1"s), 400},
      {"a blank in the target", line_of("GET /a b HTTP/1.1"), 400},
      {"* with GET", line_of("GET * HTTP/1.1"), 400},
      {"another scheme", line_of("GET ftp://a/ HTTP/1.1"), 400},
      {"an absolute target of another host", line_of("GET http://b/ HTTP/1.1"), 400},
      {"an absolute target without a host", line_of("GET http:///x HTTP/1.1"), 400},
      {"an absolute target with a user", line_of("GET http://u@a/ HTTP/1.1"), 400},
      {"an absolute target without a path", line_of("GET http://a?x HTTP/1.1"), 400},
      {"a target that is too long", line_of("GET /" + std::string(limits::kTargetBytesMax, 'a') + " HTTP/1.1"), 414},
      {"a request line without end", "GET /" + std::string(5000, 'a'), 414},
      {"a head that is too long", get_with("X: " + std::string(limits::kHeadBytesMax, 'a')), 431},
      {"a head without end", "GET / HTTP/1.1\r\nX: " + std::string(limits::kHeadBytesMax, 'a'), 431},
      {"101 headers", many_headers(101), 431},
      {"a TLS hello", "\x16\x03\x01\x02"s, 400},
  };
  return cases;
}

TEST(HeadCheck, S32_EveryMalformedHeadIsRefusedWithItsStatus) {
  for (const BadCase& bad : bad_cases()) {
    const Reading reading = read(bad.bytes);
    EXPECT_EQ(reading.refusal.status, bad.status) << bad.name << ": " << reading.refusal.text;
    EXPECT_FALSE(reading.refusal.text.empty()) << bad.name;
  }
}

TEST(HeadCheck, S32_AMalformedHeadIsRefusedHoweverItIsCutIntoPieces) {
  for (const BadCase& bad : bad_cases()) {
    std::size_t resume = 0;
    Refusal refusal;
    bool complete = false;
    for (std::size_t size = 1; size <= bad.bytes.size() && !refusal && !complete; ++size) {
      const std::string received = bad.bytes.substr(0, size);  // its own memory, so that ASan sees a step too far
      const HeadEnd end = find_head_end(received, resume);
      refusal = end.refusal;
      if (end.bytes > 0) {
        complete = true;
        std::vector<exchange::Header> headers;
        Head head;
        refusal = check_head(std::string_view(received).substr(0, end.bytes), headers, head);
      }
    }
    EXPECT_EQ(refusal.status, bad.status) << bad.name;
  }
}

TEST(HeadCheck, ReadsAPlainRequest) {
  const std::string bytes =
      "GET /api/info?fields=hw HTTP/1.1\r\nHost: kvm.local:8443\r\nUser-Agent:curl/8\r\nAccept: \t */* "
      "\t\r\nX-Empty:\r\n"
      "X-Latin: caf\xe9\r\n\r\nREST";
  const Reading reading = read(bytes);
  ASSERT_FALSE(reading.refusal) << reading.refusal.text;
  ASSERT_TRUE(reading.complete);
  EXPECT_EQ(bytes.substr(reading.head_bytes), "REST");
  EXPECT_EQ(reading.head.method, "GET");
  EXPECT_EQ(reading.head.target, "/api/info?fields=hw");
  EXPECT_EQ(reading.head.host, "kvm.local:8443");
  EXPECT_EQ(reading.head.minor_version, 1);
  EXPECT_EQ(reading.head.framing, Framing::kNone);
  EXPECT_TRUE(reading.head.keep_alive);
  EXPECT_FALSE(reading.head.expect_continue);
  EXPECT_EQ(reading.head.websocket, WebSocketUpgrade::kNone);
  ASSERT_EQ(reading.headers.size(), 5U);
  EXPECT_EQ(reading.headers[1].name, "User-Agent");
  EXPECT_EQ(reading.headers[1].value, "curl/8");
  EXPECT_EQ(reading.headers[2].value, "*/*");
  EXPECT_EQ(reading.headers[3].value, "");
  EXPECT_EQ(reading.headers[4].value, "caf\xe9");
}

struct GoodCase {
  const char* name;
  std::string bytes;
};

TEST(HeadCheck, AcceptsWhatClientsReallySend) {
  const std::vector<GoodCase> cases = {
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"},
      {"an unknown method", line_of("PROPFIND / HTTP/1.1")},
      {"TRACE, which the router answers", line_of("TRACE / HTTP/1.1")},
      {"OPTIONS *", line_of("OPTIONS * HTTP/1.1")},
      {"an absolute target", line_of("GET HTTP://A/x HTTP/1.1")},
      {"an IPv4 Host", "GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n"},
      {"an IPv6 Host", "GET / HTTP/1.1\r\nHost: [fe80::1]:8443\r\n\r\n"},
      {"a Host with an underscore", "GET / HTTP/1.1\r\nHost: my_box\r\n\r\n"},
      {"several cookies", get_with("Cookie: a=1\r\nCookie: b=2")},
      {"a POST without a length, as curl sends it", "POST /x HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"characters that browsers leave as they are", line_of("GET /a|b\"{}<>^`\\?x=[1] HTTP/1.1")},
      {"100 headers", many_headers(100)},
      {"empty list elements", get_with("Connection: , close,")},
  };
  for (const GoodCase& good : cases) {
    const Reading reading = read(good.bytes);
    EXPECT_TRUE(reading.complete) << good.name;
    EXPECT_FALSE(reading.refusal) << good.name << ": " << reading.refusal.text;
  }
}

TEST(HeadCheck, AnAbsoluteTargetLeavesItsPath) {
  EXPECT_EQ(read(line_of("GET http://a/x?y=1 HTTP/1.1")).head.target, "/x?y=1");
  EXPECT_EQ(read(line_of("GET https://a HTTP/1.1")).head.target, "/");
  EXPECT_EQ(read("GET http://a:80/x HTTP/1.0\r\n\r\n").head.target, "/x");
}

TEST(HeadCheck, FramingIsReadOnce) {
  const Reading length = read(post_with("Content-Length: 18446744073709551615"));
  EXPECT_EQ(length.head.framing, Framing::kLength);
  EXPECT_EQ(length.head.body_bytes, 18446744073709551615U);
  EXPECT_EQ(read(post_with("transfer-encoding: CHUNKED")).head.framing, Framing::kChunked);
  EXPECT_EQ(read(post_with("X: y")).head.framing, Framing::kNone);
}

TEST(HeadCheck, TheConnectionStaysOpenAsItsVersionSays) {
  EXPECT_FALSE(read(get_with("Connection: foo, Close")).head.keep_alive);
  EXPECT_TRUE(read(get_with("Connection: keep-alive")).head.keep_alive);
  EXPECT_FALSE(read(get_with("Connection: keep-alive\r\nConnection: close")).head.keep_alive);
  EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").head.keep_alive);
  EXPECT_TRUE(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keep_alive);
}

TEST(HeadCheck, ContinueIsExpectedOnlyWhereABodyComes) {
  EXPECT_TRUE(read(post_with("Expect: 100-Continue\r\nContent-Length: 5")).head.expect_continue);
  EXPECT_TRUE(read(post_with("Expect: 100-continue\r\nTransfer-Encoding: chunked")).head.expect_continue);
  EXPECT_FALSE(read(post_with("Expect: 100-continue\r\nContent-Length: 0")).head.expect_continue);
  EXPECT_FALSE(read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n").head.expect_continue);
}

TEST(HeadCheck, AWebSocketUpgradeNeedsAllItsParts) {
  const std::string ask = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const Reading good = read(get_with(ask + version + key));
  EXPECT_EQ(good.head.websocket, WebSocketUpgrade::kAsked);
  EXPECT_EQ(good.head.websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(read(get_with(ask + "Sec-WebSocket-Version: 8\r\n" + key)).head.websocket, WebSocketUpgrade::kBadVersion);
  EXPECT_EQ(read(get_with(ask + key)).head.websocket, WebSocketUpgrade::kBadVersion);
  EXPECT_EQ(read(get_with(ask + "Sec-WebSocket-Version: 13")).head.websocket, WebSocketUpgrade::kMalformed);
  EXPECT_EQ(read(get_with(ask + version + "Sec-WebSocket-Key: short==")).head.websocket, WebSocketUpgrade::kMalformed);
  EXPECT_EQ(read(post_with(ask + version + key)).head.websocket, WebSocketUpgrade::kMalformed);
  EXPECT_EQ(read(get_with(ask + version + key + "\r\nContent-Length: 1")).head.websocket, WebSocketUpgrade::kMalformed);
  EXPECT_EQ(read(get_with("Upgrade: websocket\r\n" + version + key)).head.websocket, WebSocketUpgrade::kNone);
  EXPECT_EQ(read(get_with("Connection: Upgrade\r\nUpgrade: h2c")).head.websocket, WebSocketUpgrade::kNone);
  EXPECT_EQ(read(get_with(ask + version + key + "\r\n" + key)).refusal.status, 400);
}

TEST(HeadCheck, TheEndIsFoundWhereverTheBytesAreCut) {
  const std::string bytes = get_with("X: y");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    std::size_t resume = 0;
    const HeadEnd early = find_head_end(std::string_view(bytes).substr(0, cut), resume);
    EXPECT_EQ(early.bytes, 0U) << cut;
    EXPECT_FALSE(early.refusal) << cut;
    EXPECT_EQ(find_head_end(bytes + "GET /next", resume).bytes, bytes.size()) << cut;
  }
}

TEST(HeadCheck, AHeadOfExactlyTheLimitPasses) {
  std::string bytes = get_with("X: ");
  bytes.insert(bytes.size() - 4, std::string(limits::kHeadBytesMax - bytes.size(), 'a'));
  ASSERT_EQ(bytes.size(), limits::kHeadBytesMax);
  EXPECT_FALSE(read(bytes + "body").refusal);
  EXPECT_TRUE(read(bytes + "body").complete);
  bytes.insert(bytes.size() - 4, "a");
  EXPECT_EQ(read(bytes).refusal.status, 431);
}

TEST(HeadCheck, S23_AVeryLongConnectionHeaderGrantsNothing) {
  const Reading reading = read(get_with("Connection: " + std::string(7000, 'A')));
  EXPECT_FALSE(reading.refusal);
  EXPECT_TRUE(reading.head.keep_alive);
  EXPECT_EQ(reading.head.websocket, WebSocketUpgrade::kNone);
}

}  // namespace
}  // namespace backplane::http
