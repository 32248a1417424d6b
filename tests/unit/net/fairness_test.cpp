// What one connection may take of the thread that serves all of them.
#include <sys/socket.h>

#include <algorithm>
#include <string>

#include "net/limits.hpp"
#include "net/server.hpp"
#include "running_server.hpp"

namespace backplane::net {
namespace {

using support::Client;

constexpr int kFlood = 2000;
constexpr int kPipelined = 400;  // whose answers fit into the socket, for nobody reads them

std::string hello(const std::string& name) {
  return "GET /hello HTTP/1.1\r\nHost: a\r\nX-Name: " + name + "\r\n\r\n";
}
std::string many(std::string_view piece, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += piece;
  return all;
}

class Fairness : public RunningServer {};

TEST_F(Fairness, AClientThatSendsManyRequestsAtOnceLeavesOthersTheirTurn) {
  Client flood = Client::tcp(port_);
  Client honest = Client::tcp(port_);
  ASSERT_TRUE(connections_are(2));
  settle();
  while_held([&] {
    ASSERT_TRUE(flood.send(many(hello("eve"), kPipelined)));
    ASSERT_TRUE(honest.send(hello("ann")));
  });
  ASSERT_TRUE(comes_true([this] { return greetings_.size() == kPipelined + 1; }));
  const auto before = on_loop([this] {
    return std::find_if(greetings_.begin(), greetings_.end(), [](const Greeting& one) { return one.name == "ann"; }) -
           greetings_.begin();
  });
  EXPECT_LT(before, kPipelined / 2);
}

// The server takes them after a refusal, so that the client can read it.
TEST_F(Fairness, AClientThatSendsManySmallRecordsAfterItsLastAnswerLeavesOthersTheirTurn) {
  Client flood = Client::tls(tls_port_);
  Client honest = Client::tcp(port_);
  ASSERT_TRUE(connections_are(2));
  settle();
  while_held([&] {
    ASSERT_TRUE(flood.send("no request\r\n\r\n"));
    for (int record = 0; record < kFlood; ++record) ASSERT_TRUE(flood.send("x"));
    ASSERT_TRUE(honest.send(hello("ann")));
  });
  EXPECT_EQ(honest.read_reply().status, 200);
  EXPECT_EQ(on_loop([this] { return greetings_.front().connections; }), 2U) << "it waited for all of them";
  EXPECT_TRUE(connections_are(1)) << "so many small pieces are not drained to the bytes' bound";
}

class SmallServer : public RunningServer {
 protected:
  SmallServer() : RunningServer(kPlaces) {}
  static constexpr std::size_t kPlaces = 8;
};

TEST_F(SmallServer, StrangersWhoDoNotTakeTheirAnswersGiveWayToANewcomer) {
  std::vector<Client> strangers;
  for (std::size_t i = 0; i < kPlaces; ++i) {
    strangers.push_back(Client::tcp(port_));
    const int least = 1;  // the kernel makes it its own least
    ::setsockopt(strangers.back().fd(), SOL_SOCKET, SO_RCVBUF, &least, sizeof least);
    // Many times what the sockets' buffers hold of answers; the server stops reading when it cannot write.
    const std::string requests = many("POST /form HTTP/1.1\r\nHost: a\r\n\r\n", 200);
    for (ssize_t sent = 1; sent > 0;) {
      sent = ::send(strangers.back().fd(), requests.data(), requests.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      settle();
    }
  }
  ASSERT_TRUE(connections_are(kPlaces));
  Client newcomer = Client::tcp(port_, "127.0.0.2");
  EXPECT_EQ(newcomer.get("/hello", name_).status, 200);
}

TEST_F(Fairness, RecordsWithoutDataEndTheirConnection) {
  Client flood = Client::tls(tls_port_);
  ASSERT_TRUE(connections_are(1));
  while_held([&] { ASSERT_TRUE(flood.send_key_updates(limits::kRecordsWithoutDataPerSecondMax + 1)); });
  EXPECT_TRUE(flood.ended());
  EXPECT_TRUE(connections_are(0));
}

TEST_F(Fairness, AHandfulOfKeyUpdatesASecondIsServed) {
  Client client = Client::tls(tls_port_);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(client.send_key_updates(limits::kRecordsWithoutDataPerSecondMax));
    EXPECT_EQ(client.get("/hello", name_).status, 200) << round;
    const Client silent = Client::tcp(tls_port_);
    ASSERT_TRUE(connections_are(2));
    clock_.advance_ms(limits::kHandshakeMs);
    EXPECT_TRUE(connections_are(1)) << "a look at the deadlines lets the silent one go, and begins the next second";
  }
}

TEST_F(Fairness, AHandshakeInTooManyRecordsEnds) {
  Client client = Client::tcp(tls_port_);
  // A ClientHello of 8 KiB that comes byte by byte.
  const std::string first("\x16\x03\x01\x00\x01\x01", 6);
  const std::string zero("\x16\x03\x01\x00\x01\x00", 6);
  const std::string length("\x16\x03\x01\x00\x01\x20", 6);
  ASSERT_TRUE(client.send(first + zero + length + zero + many(zero, limits::kHandshakeRecordsMax)));
  while (!client.read_some().empty()) {
  }
  EXPECT_TRUE(connections_are(0));
}

}  // namespace
}  // namespace backplane::net
