// What a connection may hold up, and for how long. Nothing here takes as long as it says: the clock is the test's.
#include "net/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <vector>

#include "net/limits.hpp"
#include "running_server.hpp"
#include "support/websocket_client.hpp"

namespace backplane::net {
namespace {

using support::Client;
using support::Reply;
using support::WebSocketClient;

constexpr std::string_view kForm =
    "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n";
constexpr std::string_view kNamed = "Host: a\r\nX-Name: ann\r\n";

std::string text(std::string_view a, std::string_view b) {
  return std::string(a) + std::string(b);
}

TEST_F(RunningServer, S25_ABodyBeforeLoginHasTenSecondsInAll) {
  Client client = Client::tcp(port_);
  ASSERT_TRUE(client.send(text(kForm, "Content-Length: 100\r\n\r\na=")));
  ASSERT_TRUE(connections_are(1));
  settle();
  clock_.advance_ms(limits::kBodyIdleMs - 1000);
  ASSERT_TRUE(client.send("a"));  // a piece that comes does not buy more time
  settle();
  clock_.advance_ms(2000);
  EXPECT_EQ(client.read_reply().status, 408);
  client.close();
  EXPECT_TRUE(connections_are(0));
}

TEST_F(RunningServer, S25_AHeadHasTenSeconds) {
  Client client = Client::tcp(port_);
  ASSERT_TRUE(client.send("GET /stream HTTP/1.1\r\n"));
  ASSERT_TRUE(connections_are(1));
  settle();
  clock_.advance_ms(limits::kHeadMs - 1000);
  ASSERT_TRUE(client.send("Host: a\r\n"));
  settle();
  clock_.advance_ms(2000);
  EXPECT_EQ(client.read_reply().status, 408);
  client.close();
  EXPECT_TRUE(connections_are(0));
}

TEST_F(RunningServer, AClientThatNeverBeginsItsHandshakeIsLetGo) {
  Client client = Client::tcp(tls_port_);
  ASSERT_TRUE(connections_are(1));
  clock_.advance_ms(limits::kHandshakeMs);
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(connections_are(0));
}

TEST_F(RunningServer, HandshakesOfOneAddressLeaveRoomForThoseOfOthers) {
  std::vector<Client> taken;
  for (std::size_t i = 0; i < limits::kHandshakesPerAddressSecondMax; ++i) taken.push_back(Client::tls(tls_port_));
  auto waiting = std::async(std::launch::async, [this] { return Client::tls(tls_port_).tls_version(); });
  ASSERT_TRUE(connections_are(taken.size() + 1));
  EXPECT_EQ(Client::tls(tls_port_, 0, "127.0.0.2").tls_version(), "TLSv1.3");
  EXPECT_EQ(waiting.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  clock_.advance_ms(1000);
  EXPECT_EQ(waiting.get(), "TLSv1.3");
}

TEST_F(RunningServer, TheTimeOfAHandshakeBeginsWithItsTurn) {
  std::vector<Client> taken;
  for (std::size_t i = 0; i < limits::kHandshakesPerAddressSecondMax; ++i) taken.push_back(Client::tls(tls_port_));
  auto waiting = std::async(std::launch::async, [this] { return Client::tls(tls_port_).tls_version(); });
  ASSERT_TRUE(connections_are(taken.size() + 1));
  settle();
  clock_.advance_ms(limits::kHandshakeMs);  // the next look at the deadlines comes before the next turns
  EXPECT_EQ(waiting.get(), "TLSv1.3");
}

TEST_F(RunningServer, ClientsThatSayNothingTakeNobodysHandshake) {
  std::vector<Client> silent;
  for (std::size_t i = 0; i <= limits::kHandshakesPerAddressSecondMax; ++i) silent.push_back(Client::tcp(tls_port_));
  ASSERT_TRUE(connections_are(silent.size()));
  EXPECT_EQ(Client::tls(tls_port_).tls_version(), "TLSv1.3");
}

TEST_F(RunningServer, ClientsThatAreLetGoForTheirSilenceTakeNobodysHandshakeEither) {
  std::vector<Client> silent;
  for (std::size_t i = 0; i <= limits::kHandshakesPerAddressSecondMax; ++i) silent.push_back(Client::tcp(tls_port_));
  ASSERT_TRUE(connections_are(silent.size()));
  clock_.advance_ms(limits::kHandshakeMs);
  ASSERT_TRUE(connections_are(0));
  EXPECT_EQ(Client::tls(tls_port_).tls_version(), "TLSv1.3");
}

TEST_F(RunningServer, S25_StrangersThatStillSendARequestGiveWayToANewcomer) {
  const rlim_t descriptors = 2 * limits::kConnectionsMax + 100;
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(descriptors, limit.rlim_max));
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < descriptors) GTEST_SKIP() << "too few descriptors";

  const char* addresses[] = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};
  std::vector<Client> strangers;
  Client known = Client::tcp(port_);
  EXPECT_EQ(known.get("/hello", name_).status, 200);
  for (std::size_t i = 1; i < limits::kConnectionsMax; ++i) {
    strangers.push_back(Client::tcp(port_, addresses[i % 3]));
    ASSERT_TRUE(strangers.back().send("GET / HTTP/1.1\r\nHost:"));
  }
  ASSERT_TRUE(connections_are(limits::kConnectionsMax));
  EXPECT_EQ(Client::tcp(port_).get("/nothing").status, 404);
  EXPECT_EQ(known.get("/hello", name_).status, 200) << "who has shown who he is stays";
}

TEST_F(RunningServer, S13_ASessionThatEndsWhileABodyComesChangesNothing) {
  Client client = Client::tcp(port_);
  ASSERT_TRUE(client.send(text("POST /change HTTP/1.1\r\n", kNamed) +
                          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na="));
  ASSERT_TRUE(operations_are(1));
  revoke_all();
  ASSERT_TRUE(client.send("b"));
  EXPECT_EQ(client.read_reply().status, 403);
  EXPECT_EQ(on_loop([this] { return changes_; }), 0);
}

// The client asks for a stream and reads nothing of it.
TEST_F(RunningServer, S13_AStreamThatIsNotReadEndsWithItsSessionAllTheSame) {
  for (const bool tls : {false, true}) {
    Client client = tls ? Client::tls(tls_port_) : Client::tcp(port_);
    ASSERT_TRUE(client.send(text("GET /stream HTTP/1.1\r\n", kNamed) + "\r\n"));
    ASSERT_TRUE(flood_is_stuck());
    revoke_all();
    clock_.advance_ms(limits::kFarewellMs);
    EXPECT_TRUE(connections_are(0)) << tls;
  }
}

TEST_F(RunningServer, S13_AWebSocketThatIsNotReadEndsWithItsSessionAllTheSame) {
  for (const bool tls : {false, true}) {
    const WebSocketClient socket(tls ? Client::tls(tls_port_) : Client::tcp(port_), "/socket", name_);
    EXPECT_EQ(socket.answer().status, 101);
    ASSERT_TRUE(flood_is_stuck());
    revoke_all();
    clock_.advance_ms(limits::kFarewellMs);
    EXPECT_TRUE(connections_are(0)) << tls;
  }
}

TEST_F(RunningServer, S13_AWebSocketWhoseClientDoesNotSayGoodbyeEndsWithItsSession) {
  for (const bool tls : {false, true}) {
    WebSocketClient socket(tls ? Client::tls(tls_port_) : Client::tcp(port_), "/quiet", name_);
    EXPECT_EQ(socket.answer().status, 101);
    revoke_all();
    EXPECT_EQ(socket.closed_with(), 1008U);
    clock_.advance_ms(limits::kFarewellMs);
    EXPECT_TRUE(connections_are(0)) << tls;
  }
}

TEST_F(RunningServer, WhoAsksForTheHeadOfAFeedHasHadAllOfIt) {
  Client client = Client::tcp(port_);
  ASSERT_TRUE(client.send(text("GET /follow HTTP/1.1\r\n", kNamed) + "\r\n"));
  ASSERT_TRUE(operations_are(1));
  Client other = Client::tcp(port_);
  const auto ask = text("HEAD /follow HTTP/1.1\r\n", kNamed) + "\r\n";
  ASSERT_TRUE(other.send(ask + ask));
  settle();
  EXPECT_TRUE(operations_are(1));
}

TEST_F(RunningServer, AWebSocketThatIsNotReadIsLetGoInTime) {
  const WebSocketClient socket(Client::tcp(port_), "/socket", name_);
  EXPECT_EQ(socket.answer().status, 101);
  ASSERT_TRUE(flood_is_stuck());
  clock_.advance_ms(limits::kStreamStallMs);
  EXPECT_TRUE(connections_are(0));
  EXPECT_TRUE(operations_are(0));
}

TEST_F(RunningServer, ABodyThatStallsEndsAlthoughItsAnswerHasBegun) {
  Client client = Client::tcp(port_);
  ASSERT_TRUE(client.send(text("POST /upload HTTP/1.1\r\n", kNamed) + "Content-Length: 100\r\n\r\nsome"));
  const std::string begun = client.read_some();
  EXPECT_NE(begun.find("200 OK"), std::string::npos) << begun;
  ASSERT_TRUE(operations_are(1));
  clock_.advance_ms(limits::kBodyIdleMs);
  EXPECT_TRUE(connections_are(0));
  EXPECT_TRUE(operations_are(0));
}

}  // namespace
}  // namespace backplane::net
