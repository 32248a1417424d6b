#include <gtest/gtest.h>

#include "net/request_origin.hpp"

namespace backplane::net {
namespace {

std::string address_of(const std::vector<std::string>& proxies, const std::string& peer,
                       const std::vector<std::string_view>& forwarded) {
  std::vector<config::Cidr> networks;
  for (const std::string& proxy : proxies) networks.push_back(*config::parse_cidr(proxy));
  exchange::Request request;
  request.peer.address = peer;
  for (std::string_view value : forwarded) request.headers.push_back({"X-Forwarded-For", value});
  return ClientAddress(networks).of(request);
}

TEST(ClientAddress, S12_ForwardedForOfAnUnlistedPeerIsIgnored) {
  EXPECT_EQ(address_of({}, "192.0.2.1", {"198.51.100.7"}), "192.0.2.1");
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "192.0.2.1", {"198.51.100.7"}), "192.0.2.1");
}

TEST(ClientAddress, TheRightmostAddressThatNoProxyHasIsTheClient) {
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "10.1.1.1", {"203.0.113.9, 198.51.100.7, 10.2.2.2"}), "198.51.100.7");
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "10.1.1.1", {"203.0.113.9", "198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(address_of({"fd00::/8"}, "fd00::1", {"2001:DB8:0::1"}), "2001:db8::1");
}

TEST(ClientAddress, WhatIsNoAddressEndsTheSearch) {
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "10.1.1.1", {"198.51.100.7, unknown, 10.2.2.2"}), "10.2.2.2");
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "10.1.1.1", {"' or 1=1"}), "10.1.1.1");
  EXPECT_EQ(address_of({"10.0.0.0/8"}, "10.1.1.1", {}), "10.1.1.1");
}

}  // namespace
}  // namespace backplane::net
