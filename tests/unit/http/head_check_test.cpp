#include "http/head_check.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "http/limits.hpp"
#include "support/malformed_requests.hpp"

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

using support::get_with;
using support::post_with;

std::string line_of(const std::string& line) {
  return line + "\r\nHost: a\r\n\r\n";
}

TEST(HeadCheck, S32_EveryMalformedHeadIsRefusedWithItsStatus) {
  for (const support::MalformedHead& bad : support::malformed_heads()) {
    const Reading reading = read(bad.bytes);
    EXPECT_EQ(reading.refusal.status, bad.status) << bad.name << ": " << reading.refusal.text;
    EXPECT_FALSE(reading.refusal.text.empty()) << bad.name;
  }
}

TEST(HeadCheck, S32_AMalformedHeadIsRefusedHoweverItIsCutIntoPieces) {
  for (const support::MalformedHead& bad : support::malformed_heads()) {
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
      {"100 headers", support::get_with_headers(100)},
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
