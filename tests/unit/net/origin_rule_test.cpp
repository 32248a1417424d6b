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

// As browsers send the form of a page that tells nobody where it is, and behind a proxy that has another name.
TEST(OriginRule, S41_WhatTheBrowserSaysOfTheSiteCountsBeforeTheOrigin) {
  EXPECT_FALSE(foreign({{"Host", "kvm"}, {"Origin", "null"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(foreign({{"Host", "inner"}, {"Origin", "https://kvm"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_FALSE(foreign({{"Host", "kvm"}, {"Sec-Fetch-Site", "none"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", "https://evil.kvm"}, {"Sec-Fetch-Site", "same-site"}}));
  EXPECT_TRUE(foreign({{"Host", "kvm"}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "nonsense"}}));
}

}  // namespace
}  // namespace backplane::net
