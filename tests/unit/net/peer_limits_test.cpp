#include "net/peer_limits.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"

namespace backplane::net {
namespace {

namespace limits = base::limits;

struct PeerLimitsTest : testing::Test {
  std::size_t handshakes_of(const std::string& address) {
    std::size_t taken = 0;
    while (peers.take_handshake(address)) ++taken;
    return taken;
  }
  base::ManualClock clock;
  PeerLimits peers{clock};
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

TEST_F(PeerLimitsTest, HandshakesComeBackWithTime) {
  peers.enter("10.0.0.1");
  EXPECT_EQ(handshakes_of("10.0.0.1"), limits::kHandshakesPerAddressSecondMax);
  clock.advance_ms(100);
  EXPECT_EQ(handshakes_of("10.0.0.1"), limits::kHandshakesPerAddressSecondMax / 10);
}

TEST_F(PeerLimitsTest, ManyAddressesTogetherHaveABoundAsWell) {
  std::size_t taken = 0;
  for (const char* address : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"}) {
    peers.enter(address);
    taken += handshakes_of(address);
  }
  EXPECT_EQ(taken, limits::kHandshakesPerSecondMax);
}

TEST_F(PeerLimitsTest, LeavingAndComingBackBringsNoMoreHandshakes) {
  peers.enter("10.0.0.1");
  handshakes_of("10.0.0.1");
  peers.leave("10.0.0.1");
  peers.sweep();
  peers.enter("10.0.0.1");
  EXPECT_EQ(handshakes_of("10.0.0.1"), 0U);
}

TEST_F(PeerLimitsTest, WhoHasLeftIsForgotten) {
  peers.enter("10.0.0.1");
  peers.leave("10.0.0.1");
  EXPECT_EQ(peers.size(), 0U);  // took no handshake
  peers.enter("10.0.0.1");
  handshakes_of("10.0.0.1");
  peers.leave("10.0.0.1");
  EXPECT_EQ(peers.size(), 1U);
  clock.advance_ms(1000);
  peers.sweep();
  EXPECT_EQ(peers.size(), 0U);
}

}  // namespace
}  // namespace backplane::net
