// PiKVM's logout (pikvm.md §3.3, §4), and which sessions it ends.
#include <gmock/gmock.h>

#include "exchange/dialects/styles.hpp"
#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;

class KvmdLogoutTest : public KvmdFixture {
 protected:
  const std::vector<std::pair<std::string, std::string>> x_headers_ = {{"X-KVMD-User", "admin"},
                                                                       {"X-KVMD-Passwd", "correct horse"}};
  const std::string no_token_ = kvmd_error("ValidatorError", "The argument is not a valid auth token");
};

TEST_F(KvmdLogoutTest, EndsAllSessionsOfTheUserAndOfNobodyElse) {
  const auto first = session_cookie();
  const auto second = session_cookie();
  const std::string other = token_of("viewer");
  const Response response = log_out({first});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, kEmptyResult);
  EXPECT_TRUE(response.headers.empty());  // kvmd sends no cookie deletion
  EXPECT_EQ(check(first).status, 403);
  EXPECT_EQ(check(second).status, 403);
  EXPECT_EQ(check({"Cookie", "auth_token=" + other}).status, 200);
}

TEST_F(KvmdLogoutTest, EndsOnlyThisSessionWhereTheSettingSaysSo) {
  open_door({.logout = config::KvmdLogout::kSession});
  const auto first = session_cookie();
  const auto second = session_cookie();
  EXPECT_EQ(log_out({first}).status, 200);
  EXPECT_EQ(check(first).status, 403);
  EXPECT_EQ(check(second).status, 200);
}

TEST_F(KvmdLogoutTest, ASecondLogoutIsForbidden) {
  const auto cookie = session_cookie();
  EXPECT_EQ(log_out({cookie}).status, 200);
  EXPECT_EQ(log_out({cookie}).body, kvmd_error("ForbiddenError", "Forbidden"));
}

TEST_F(KvmdLogoutTest, WithoutACredentialItIsUnauthorized) {
  EXPECT_EQ(log_out({}).status, 401);
}

TEST_F(KvmdLogoutTest, WithAPasswordAndNoCookieThereIsNoTokenToEnd) {
  const auto untouched = session_cookie();
  EXPECT_EQ(log_out(x_headers_).status, 400);
  EXPECT_EQ(log_out(x_headers_).body, no_token_);
  EXPECT_EQ(log_out({{"Authorization", "Basic YWRtaW46Y29ycmVjdCBob3JzZQ=="}}).body, no_token_);
  EXPECT_EQ(send({.path = "/api/auth/logout", .unix_uid = 1000}).body, no_token_);
  EXPECT_EQ(check(untouched).status, 200);
}

TEST_F(KvmdLogoutTest, XHeadersWithACookieEndTheCookiesSession) {
  const auto cookie = session_cookie();
  auto headers = x_headers_;
  headers.push_back(cookie);
  EXPECT_EQ(log_out(headers).status, 200);
  EXPECT_EQ(check(cookie).status, 403);
  EXPECT_EQ(log_out(headers).status, 200);  // nothing left to end, as in kvmd
  headers.back().second = "auth_token=zzz";
  EXPECT_EQ(log_out(headers).body, no_token_);
}

TEST_F(KvmdLogoutTest, ABearerSessionLogsOutToo) {
  const auto cookie = session_cookie();
  const std::string token = cookie.second.substr(cookie.second.find('=') + 1);
  EXPECT_EQ(log_out({{"Authorization", "Bearer " + token}}).status, 200);
  EXPECT_EQ(check(cookie).status, 403);
}

TEST_F(KvmdLogoutTest, S13_OtherOpenOperationsOfTheSessionEndButTheLogoutIsAnswered) {
  const auto cookie = session_cookie();
  auto request = std::make_shared<exchange::Request>();
  request->headers.push_back({cookie.first, cookie.second});
  request->principal = identify(std::static_pointer_cast<const exchange::Request>(request)).principal;
  const auto stream = std::make_shared<op::Operation>(request, exchange::kKvmdStyle, 0);
  operations_.open(stream);
  EXPECT_EQ(log_out({cookie}).status, 200);
  EXPECT_EQ(stream->end_reason(), op::End::kRevoked);
}

TEST_F(KvmdLogoutTest, TheEndIsOnTheDiskWhenItIsAnswered) {
  const auto cookie = session_cookie();
  EXPECT_EQ(log_out({cookie}).status, 200);
  restart();
  open_door({});
  EXPECT_EQ(check(cookie).status, 403);
}

}  // namespace
}  // namespace backplane::login
