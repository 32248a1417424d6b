#include "net/peer_limits.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/limits.hpp"

namespace backplane::net {
namespace {

struct PeerLimitsTest : testing::Test {
  // How many of so many connections of an address may begin at once; the others wait.
  std::size_t handshakes_of(const std::string& address, std::size_t connections = limits::kHandshakesPerSecondMax) {
    std::size_t came = 0;
    for (std::size_t i = 0; i < connections; ++i) {
      turns.push_back(std::make_unique<HandshakeTurn>(peers, address, [this, address] { granted.push_back(address); }));
      came += turns.back()->came() ? 1U : 0U;
    }
    return came;
  }
  base::ManualClock clock;
  PeerLimits peers{clock};
  std::vector<std::string> granted;  // later, in order
  std::vector<std::unique_ptr<HandshakeTurn>> turns;
};

TEST_F(PeerLimitsTest, OneClientHasItsShareOfConnectionsAndNoMore) {
  for (std::size_t i = 0; i < limits::kConnectionsPerAddressMax; ++i) ASSERT_TRUE(peers.enter("10.0.0.1"));
  EXPECT_FALSE(peers.enter("10.0.0.1"));
  EXPECT_TRUE(peers.enter("10.0.0.2"));
  peers.leave("10.0.0.1");
  EXPECT_TRUE(peers.enter("10.0.0.1"));
}

TEST_F(PeerLimitsTest, WhoHasAnIpv6NetworkIsOneClient) {
  for (std::size_t i = 0; i < limits::kConnectionsPerAddressMax; ++i) {
    ASSERT_TRUE(peers.enter("2001:db8::" + std::to_string(i)));
  }
  EXPECT_FALSE(peers.enter("2001:db8::ffff"));
  EXPECT_TRUE(peers.enter("2001:db8:0:1::1"));
}

TEST_F(PeerLimitsTest, WhoHadHisShareOfHandshakesWaitsForTime) {
  peers.enter("10.0.0.1");
  EXPECT_EQ(handshakes_of("10.0.0.1"), limits::kHandshakesPerAddressSecondMax);
  peers.grant_handshakes();
  EXPECT_EQ(granted.size(), 0U);
  clock.advance_ms(100);
  peers.grant_handshakes();
  EXPECT_EQ(granted.size(), limits::kHandshakesPerAddressSecondMax / 10);
}

TEST_F(PeerLimitsTest, WhoWaitsForHisOwnShareHoldsUpNobodyElse) {
  peers.enter("10.0.0.1");
  EXPECT_EQ(handshakes_of("10.0.0.1", limits::kHandshakesPerAddressSecondMax + 1),
            limits::kHandshakesPerAddressSecondMax);
  peers.enter("10.0.0.2");
  EXPECT_EQ(handshakes_of("10.0.0.2", 1), 1U) << "not even until the next look";
  clock.advance_ms(10);
  EXPECT_EQ(handshakes_of("10.0.0.2", 1), 1U);
  EXPECT_EQ(granted, std::vector<std::string>{"10.0.0.1"}) << "who waited came first";
}

TEST_F(PeerLimitsTest, ManyAddressesTogetherHaveABoundAsWell) {
  std::size_t taken = 0;
  for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"}) {
    peers.enter(address);
    taken += handshakes_of(address, limits::kHandshakesPerAddressSecondMax);
  }
  EXPECT_EQ(taken, limits::kHandshakesPerSecondMax);
}

TEST_F(PeerLimitsTest, WhoHasAThousandWaitingDelaysNobodyElse) {
  for (const char* flooder : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) {
    peers.enter(flooder);
    handshakes_of(flooder, 1000);
  }
  peers.enter("10.0.0.9");
  EXPECT_EQ(handshakes_of("10.0.0.9", 1), 0U);
  clock.advance_ms(20);
  peers.grant_handshakes();
  ASSERT_GE(granted.size(), 4U);
  granted.resize(4);
  EXPECT_EQ(granted, (std::vector<std::string>{"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"}));
}

TEST_F(PeerLimitsTest, WhoGoesAwayWhileWaitingIsNotGranted) {
  peers.enter("10.0.0.1");
  handshakes_of("10.0.0.1");
  turns.clear();
  handshakes_of("10.0.0.1", 1);
  clock.advance_ms(1000);
  peers.grant_handshakes();
  EXPECT_EQ(granted.size(), 1U);
  peers.leave("10.0.0.1");
  clock.advance_ms(1000);
  peers.grant_handshakes();
  peers.sweep();
  EXPECT_EQ(peers.size(), 0U);
}

TEST_F(PeerLimitsTest, LeavingAndComingBackBringsNoMoreHandshakes) {
  peers.enter("10.0.0.1");
  handshakes_of("10.0.0.1");
  turns.clear();
  peers.leave("10.0.0.1");
  peers.grant_handshakes();
  peers.sweep();
  peers.enter("10.0.0.1");
  EXPECT_EQ(handshakes_of("10.0.0.1"), 0U);
}

TEST_F(PeerLimitsTest, WhoHasLeftIsForgotten) {
  peers.enter("10.0.0.1");
  peers.leave("10.0.0.1");
  EXPECT_EQ(peers.size(), 0U);  // took no handshake
  peers.enter("10.0.0.1");
  handshakes_of("10.0.0.1", 1);
  peers.leave("10.0.0.1");
  EXPECT_EQ(peers.size(), 1U);
  clock.advance_ms(1000);
  peers.sweep();
  EXPECT_EQ(peers.size(), 0U);
}

}  // namespace
}  // namespace backplane::net
