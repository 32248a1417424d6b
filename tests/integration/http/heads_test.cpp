// Malformed and oversized request heads over TLS: each is refused, the connection ends, and nothing behind the head is
// ever taken for a request (S-23, S-25, S-32).
#include <string>
#include <vector>

#include "integration/http/suite.hpp"
#include "support/malformed_requests.hpp"

namespace backplane::integration {
namespace {

// What an attacker hides behind a head: were it read as a request, its path would stand in the answer's Location or
// its status would be a second one.
constexpr const char* kSmuggled = "GET /api/auth/check HTTP/1.1\r\nHost: localhost\r\n\r\n";

class HttpHeads : public HttpSuite {
 protected:
  // Everything the daemon says until it ends the connection.
  static std::string all_answers(Client& client) {
    std::string answers;
    for (std::string piece = client.read_some(); !piece.empty(); piece = client.read_some()) answers += piece;
    return answers;
  }
};

TEST_F(HttpHeads, S32_EveryMalformedHeadIsRefusedAndNothingBehindItAnswered) {
  for (const support::MalformedHead& bad : support::malformed_heads()) {
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

TEST_F(HttpHeads, S32_AMalformedChunkIsRefusedAndNothingBehindItAnswered) {
  for (const std::string& chunks : support::malformed_chunks()) {
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
  connection.send(support::get_with_headers(100));
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
