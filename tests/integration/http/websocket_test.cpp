// WebSockets through the daemon: who may open one (S-06), messages both ways, and every way in which one ends (S-13).
#include <string>
#include <utility>

#include "integration/http/suite.hpp"
#include "support/websocket_client.hpp"

namespace backplane::integration {
namespace {

using support::Frame;
using support::Opcode;
using support::WebSocketClient;

constexpr std::size_t kMessageBytesMax = 256 * 1024;

class HttpWebSocket : public HttpSuite {
 protected:
  static WebSocketClient open(const Headers& headers, const std::string& query = {}) {
    return {client(), "/test/socket" + query, headers};
  }
  static std::string end_of(const std::string& name) { return client().get("/test/ends/" + name, admin()).body; }
  static Headers with(Headers headers, const std::string& name, const std::string& value) {
    headers.emplace_back(name, value);
    return headers;
  }
  static void expect_echo(WebSocketClient& socket, Opcode opcode, const std::string& message) {
    ASSERT_TRUE(socket.send(opcode, message));
    const auto frame = socket.receive();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->opcode, opcode);
    EXPECT_TRUE(frame->payload == message) << frame->payload.size();
  }
};

TEST_F(HttpWebSocket, TheHandshakeIsThatOfRfc6455) {
  const WebSocketClient socket = open(admin());
  const Reply& answer = socket.answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.header("Upgrade"), "websocket");
  EXPECT_EQ(answer.header("Server"), "Backplane");  // no version
  EXPECT_EQ(answer.header("Sec-WebSocket-Protocol"), "");
  EXPECT_EQ(answer.header("Sec-WebSocket-Extensions"), "");
}

TEST_F(HttpWebSocket, WithoutALoginItIsRefusedBeforeTheUpgrade) {
  EXPECT_EQ(open({}).answer().status, 401);
  EXPECT_EQ(open({{"Cookie", "auth_token=" + std::string(64, 'a')}}).answer().status, 403);
}

TEST_F(HttpWebSocket, WithoutAWellFormedUpgradeItIsRefused) {
  EXPECT_EQ(client().get("/test/socket", admin()).status, 426);
  Headers headers = WebSocketClient::upgrade(admin());
  for (auto& [name, value] : headers) value = name == "Sec-WebSocket-Version" ? "8" : value;
  const Reply version = client().get("/test/socket", headers);
  EXPECT_EQ(version.status, 426);
  EXPECT_EQ(version.header("Sec-WebSocket-Version"), "13");
  headers = WebSocketClient::upgrade(admin());
  for (auto& [name, value] : headers) value = name == "Sec-WebSocket-Key" ? "short" : value;
  EXPECT_EQ(client().get("/test/socket", headers).status, 400);
  EXPECT_EQ(client().get("/api/auth/check", WebSocketClient::upgrade(admin())).status, 200) << "an upgrade is ignored";
}

TEST_F(HttpWebSocket, S06_AForeignOriginIsRefusedWithACookieAndAllowedWithABearer) {
  const Headers session = daemon().session();
  const std::string token = session.front().second.substr(11);
  const std::string foreign = "https://evil.example";
  EXPECT_EQ(open(session).answer().status, 101);
  EXPECT_EQ(open(with(session, "Origin", "https://localhost")).answer().status, 101);
  EXPECT_EQ(open(with(session, "Origin", foreign)).answer().status, 403);
  EXPECT_EQ(open(with(session, "Sec-Fetch-Site", "cross-site")).answer().status, 403);
  EXPECT_EQ(open(with(admin(), "Origin", foreign)).answer().status, 403);
  EXPECT_EQ(open({{"Authorization", "Bearer " + token}, {"Origin", foreign}}).answer().status, 101);
  EXPECT_EQ(open({{"Sec-WebSocket-Protocol", token}, {"Origin", foreign}}).answer().status, 101);
}

TEST_F(HttpWebSocket, ThePluginChoosesTheSubprotocol) {
  const WebSocketClient socket = open(with(admin(), "Sec-WebSocket-Protocol", "chat, other"), "?protocol=chat");
  EXPECT_EQ(socket.answer().header("Sec-WebSocket-Protocol"), "chat");
}

TEST_F(HttpWebSocket, MessagesComeBackAsTheyWent) {
  WebSocketClient socket = open(admin());
  expect_echo(socket, Opcode::kText, "gr\xc3\xbc\xc3\x9f dich");
  expect_echo(socket, Opcode::kBinary, std::string("\x00\xff\x80", 3));
  expect_echo(socket, Opcode::kText, "");
  for (const std::size_t size : {125U, 126U, 65535U, 65536U}) {
    expect_echo(socket, Opcode::kBinary, std::string(size, 's'));
  }
}

TEST_F(HttpWebSocket, MessagesThatFollowTheUpgradeAtOnceAreNotLost) {
  Client connection = client();
  std::string head = line("GET /test/socket HTTP/1.1") + admin_line();
  for (const auto& [name, value] : WebSocketClient::upgrade()) head += name + ": " + value + "\r\n";
  const char frame[] = {'\x81', '\x82', 0, 0, 0, 0, 'h', 'i'};
  connection.send(head + "\r\n" + std::string(frame, sizeof frame));
  EXPECT_EQ(connection.read_reply().status, 101);
  EXPECT_EQ(connection.read_some(), "\x81\x02hi");
}

TEST_F(HttpWebSocket, AMessageInFragmentsIsOneMessage) {
  WebSocketClient socket = open(admin());
  socket.send(Opcode::kText, "one ", false);
  socket.send(Opcode::kContinuation, "two ", false);
  socket.send(Opcode::kPing, "between");
  socket.send(Opcode::kContinuation, "three");
  const auto pong = socket.receive();
  ASSERT_TRUE(pong);
  EXPECT_EQ(pong->opcode, Opcode::kPong);
  EXPECT_EQ(pong->payload, "between");
  const auto whole = socket.receive();
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->payload, "one two three");
}

TEST_F(HttpWebSocket, ManyMessagesPassTheWindowInOrder) {
  constexpr int kMessages = 100;
  WebSocketClient socket = open(admin());
  int received = 0;
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_TRUE(socket.send(Opcode::kBinary, std::to_string(i) + std::string(10'000, 'm')));
    if (i % 10 != 9) continue;
    for (; received <= i; ++received) {
      const auto frame = socket.receive();
      ASSERT_TRUE(frame) << received;
      EXPECT_EQ(frame->payload.substr(0, frame->payload.find('m')), std::to_string(received));
    }
  }
}

TEST_F(HttpWebSocket, AMessageOfTheLimitPassesAndOneByteMoreEndsTheSocket) {
  WebSocketClient socket = open(admin(), "?name=long-message");
  expect_echo(socket, Opcode::kBinary, std::string(kMessageBytesMax, 'm'));
  // Only its head: it is refused before its bytes have come.
  socket.connection().send(std::string("\x82\xff\0\0\0\0\0\x04\0\x01mask", 14));
  EXPECT_EQ(socket.closed_with(), 1009U);
  EXPECT_TRUE(socket.connection().ended());
  EXPECT_EQ(end_of("long-message"), "OVERRUN");
}

TEST_F(HttpWebSocket, S32_FramesAgainstTheRulesEndTheSocket) {
  WebSocketClient unmasked = open(admin());
  unmasked.send(Opcode::kText, "x", true, false);
  EXPECT_EQ(unmasked.closed_with(), 1002U);
  WebSocketClient unknown = open(admin());
  unknown.send(static_cast<Opcode>(5), "x");
  EXPECT_EQ(unknown.closed_with(), 1002U);
  WebSocketClient not_text = open(admin());
  not_text.send(Opcode::kText, "\xc3(");
  EXPECT_EQ(not_text.closed_with(), 1007U);
}

TEST_F(HttpWebSocket, ACloseByTheClientIsAnsweredAndEndsTheOperation) {
  WebSocketClient socket = open(admin(), "?name=closed-by-client");
  socket.send_close(1000);
  EXPECT_EQ(socket.closed_with(), 1000U);
  EXPECT_TRUE(socket.connection().ended());
  EXPECT_EQ(end_of("closed-by-client"), "CLIENT_GONE");
}

TEST_F(HttpWebSocket, ACloseByThePluginCarriesItsCodeAndReason) {
  WebSocketClient socket = open(admin(), "?name=closed-by-plugin");
  socket.send(Opcode::kText, "close");
  const auto frame = socket.receive();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->opcode, Opcode::kClose);
  EXPECT_EQ(frame->close_code(), 4000U);
  EXPECT_EQ(frame->payload.substr(2), "as you wish");
  socket.send_close(4000);
  EXPECT_TRUE(socket.connection().ended());
  EXPECT_EQ(end_of("closed-by-plugin"), "DONE");
}

TEST_F(HttpWebSocket, AClientThatJustVanishesEndsTheOperation) {
  WebSocketClient socket = open(admin(), "?name=vanished");
  socket.connection().close();
  EXPECT_EQ(end_of("vanished"), "CLIENT_GONE");
}

TEST_F(HttpWebSocket, S13_ALogoutClosesTheSocketsOfAllTheUsersSessions) {
  const Headers first = daemon().session();
  const Headers second = daemon().session();
  WebSocketClient one = open(first, "?name=revoked-one");
  WebSocketClient two = open(second, "?name=revoked-two");
  ASSERT_EQ(two.answer().status, 101);
  EXPECT_EQ(client().request("POST", "/api/auth/logout", first).status, 200);
  EXPECT_EQ(one.closed_with(), 1008U);
  EXPECT_EQ(two.closed_with(), 1008U);
  EXPECT_EQ(end_of("revoked-one"), "REVOKED");
  EXPECT_EQ(end_of("revoked-two"), "REVOKED");
}

TEST_F(HttpWebSocket, S13_ASocketOfARevokedSessionEndsAlthoughItsClientNeverReads) {
  const Headers session = daemon().session();
  WebSocketClient socket = open(session, "?name=deaf");
  ASSERT_EQ(socket.answer().status, 101);
  EXPECT_EQ(client().request("POST", "/api/auth/logout", session).status, 200);
  EXPECT_EQ(end_of("deaf"), "REVOKED");
}

TEST_F(HttpWebSocket, S13_ANewPasswordClosesTheUsersSockets) {
  WebSocketClient socket = open(as("viewer"), "?name=new-password");
  ASSERT_EQ(socket.answer().status, 101);
  Headers headers = with(admin(), "Content-Type", "application/json");
  EXPECT_EQ(client().request("PUT", "/api/v1/users/viewer/password", headers, R"({"password":"another-one"})").status,
            204);
  EXPECT_EQ(socket.closed_with(), 1008U);
  EXPECT_EQ(end_of("new-password"), "REVOKED");
  EXPECT_EQ(client().request("DELETE", "/api/v1/users/viewer", admin()).status, 204);
}

}  // namespace
}  // namespace backplane::integration
