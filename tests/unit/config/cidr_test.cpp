#include "config/cidr.hpp"

#include <gtest/gtest.h>

namespace backplane::config {
namespace {

TEST(Cidr, ContainsWhatSharesItsPrefix) {
  const Cidr block = *parse_cidr("10.1.0.0/20");
  EXPECT_TRUE(block.contains("10.1.15.255"));
  EXPECT_FALSE(block.contains("10.1.16.0"));
  EXPECT_FALSE(block.contains("::1"));
  EXPECT_FALSE(block.contains("not an address"));
  EXPECT_FALSE(block.contains(""));
  const Cidr six = *parse_cidr("fd00::/9");
  EXPECT_TRUE(six.contains("fd7f::1"));
  EXPECT_FALSE(six.contains("fd80::1"));
  EXPECT_FALSE(six.contains("253.0.0.1"));
}

TEST(Cidr, AnAddressAloneMeansItself) {
  EXPECT_EQ(parse_cidr("192.0.2.7")->text(), "192.0.2.7/32");
  EXPECT_TRUE(parse_cidr("192.0.2.7")->contains("192.0.2.7"));
  EXPECT_FALSE(parse_cidr("192.0.2.7")->contains("192.0.2.6"));
  EXPECT_EQ(parse_cidr("2001:DB8::1")->text(), "2001:db8::1/128");
}

TEST(Cidr, AnIpv4MappedAddressCountsAsTheIpv4Address) {
  EXPECT_TRUE(parse_cidr("10.0.0.0/8")->contains("::ffff:10.2.3.4"));
  EXPECT_FALSE(parse_cidr("10.0.0.0/8")->contains("::10.2.3.4"));
}

TEST(Cidr, RefusesWhatIsNoBlockWithTheReason) {
  for (const char* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "fd00::/129",
                           "example.com", "10.0.0.0/8/8", "fe80::1%eth0", "[::1]"}) {
    EXPECT_TRUE(parse_cidr(text).has_error()) << text;
  }
  EXPECT_NE(parse_cidr("10.0.0.1/8").error().text.find("did you mean \"10.0.0.0/8\""), std::string::npos);
}

TEST(IpAddress, KnowsLoopbackAndWildcard) {
  EXPECT_TRUE(parse_address("127.9.9.9")->is_loopback());
  EXPECT_TRUE(parse_address("::1")->is_loopback());
  EXPECT_TRUE(parse_address("::ffff:127.0.0.1")->is_loopback());
  EXPECT_FALSE(parse_address("128.0.0.1")->is_loopback());
  EXPECT_FALSE(parse_address("::2")->is_loopback());
  EXPECT_FALSE(parse_address("::")->is_loopback());
  EXPECT_TRUE(parse_address("::")->is_wildcard());
  EXPECT_TRUE(parse_address("0.0.0.0")->is_wildcard());
  EXPECT_FALSE(parse_address("0.0.0.1")->is_wildcard());
  EXPECT_FALSE(parse_address(std::string_view("127.0.0.1\0x", 11)).has_value());
}

}  // namespace
}  // namespace backplane::config
