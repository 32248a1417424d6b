#include <gtest/gtest.h>

#include "net/request_origin.hpp"

namespace backplane::net {
namespace {

bool foreign(std::vector<exchange::Header> headers) {
  exchange::Request request;
  request.headers = std::move(headers);
  return from_foreign_site(request);
}

TEST(OriginRule, S06_AnOriginOtherThanHostIsForeign) {
  EXPECT_TRUE(foreign({{"Host", "kvm:8443"}, {"Origin", "https://evil.example"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm:8443"}, {"Origin", "https://kvm"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", "https://kvm.evil.example"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", "null"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", ""}}));
  EXPECT_FALSE(foreign({{"Host", "kvm:8443"}, {"Origin", "https://KVM:8443"}}));
}

TEST(OriginRule, S41_ACrossSiteFetchIsForeignAndAScriptIsNot) {
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", "https://kvm"}, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(foreign({{"Host", "kvm"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(foreign({{"Host", "kvm"}}));
}

}  // namespace
}  // namespace backplane::net
