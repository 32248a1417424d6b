#include "net/answer_head.hpp"

#include <gtest/gtest.h>

namespace backplane::net {
namespace {

constexpr std::int64_t kWallMs = 1795378849000;  // 2026-11-22 20:20:49 UTC

TEST(AnswerHead, NamesLengthDateAndTheHostsOwnHeaders) {
  exchange::Response response;
  response.content_type = "application/json";
  response.headers = {{"Allow", "GET"}};
  std::string out;
  append_head(out, response, BodyForm::kLength, 36, true, kWallMs);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 20:20:49 GMT\r\nContent-Type: application/json\r\nAllow: GET\r\n"
            "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 36\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(AnswerHead, ARouteThatNamesItsCachingKeepsIt) {
  exchange::Response response;
  response.headers = {{"cache-control", "max-age=60"}};
  std::string out;
  append_head(out, response, BodyForm::kNone, 0, false, kWallMs);
  EXPECT_EQ(out.find("no-store"), std::string::npos);
  EXPECT_NE(out.find("Connection: close\r\n"), std::string::npos);
}

TEST(AnswerHead, AChunkCarriesItsSizeInHex) {
  std::string out;
  append_chunk(out, {op::DataKind::kBytes, std::string(26, 'x')});
  EXPECT_EQ(out, "1a\r\n" + std::string(26, 'x') + "\r\n");
}

}  // namespace
}  // namespace backplane::net
