#include "exchange/request.hpp"

#include <gtest/gtest.h>

namespace backplane::exchange {
namespace {

TEST(Request, FindsACookieAmongOthersAndInSeveralHeaderLines) {
  Request request;
  request.headers = {{"Cookie", "a=1;  auth_token=abc; b=2"}, {"cookie", "c=3"}};
  EXPECT_EQ(request.cookie("auth_token"), "abc");
  EXPECT_EQ(request.cookie("c"), "3");
  EXPECT_EQ(request.cookie("token"), "");
}

TEST(Request, HeaderNamesCompareWithoutCase) {
  Request request;
  request.headers = {{"x-kvmd-user", "admin"}};
  EXPECT_EQ(request.header("X-KVMD-User"), "admin");
  EXPECT_FALSE(request.has_header("X-KVMD"));
}

}  // namespace
}  // namespace backplane::exchange
