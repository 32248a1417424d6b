// PiKVM's login, row by row of pikvm.md §3. The rows of its check stand in tests/integration/http/login_test.
#include <gmock/gmock.h>

#include <cctype>

#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;

class KvmdLoginTest : public KvmdFixture {};

TEST_F(KvmdLoginTest, ARightLoginAnswersTheExactBytesAndOneCookie) {
  const Response response = log_in_form(good_form());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, kEmptyResult);
  EXPECT_EQ(response.body.size(), 36U);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_THAT(header_of(response, "Set-Cookie"),
              testing::MatchesRegex("auth_token=[0-9a-f]+; HttpOnly; Path=/; SameSite=Strict"));
  EXPECT_EQ(header_of(response, "Set-Cookie").find(';'), std::string("auth_token=").size() + 64);
}

TEST_F(KvmdLoginTest, TheCookieIsSecureOnTlsAlsoWithARedirect) {
  for (const std::string more : {"", "&redirect=/kvm"}) {
    const Response response = send({.path = "/api/auth/login",
                                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                    .body = good_form(more),
                                    .tls = true});
    EXPECT_THAT(header_of(response, "Set-Cookie"), testing::EndsWith("; HttpOnly; Path=/; SameSite=Strict; Secure"));
  }
}

TEST_F(KvmdLoginTest, TheCookieOfALoginOpensTheCheck) {
  const Response response = check(session_cookie());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, kEmptyResult);
  EXPECT_TRUE(response.headers.empty());
}

TEST_F(KvmdLoginTest, EveryCheckSharesOneBody) {
  const auto cookie = session_cookie();
  EXPECT_EQ(check(cookie).shared_body, check(cookie).shared_body);
  EXPECT_NE(check(cookie).shared_body, nullptr);
}

TEST_F(KvmdLoginTest, TheMatrixOfWrongForms) {
  struct Row {
    std::string form;
    int status;
    std::string body;
  };
  const std::string forbidden = kvmd_error("ForbiddenError", "Forbidden");
  const auto invalid = [](const std::string& text) { return kvmd_error("ValidatorError", text); };
  const std::string no_user = invalid("The argument '' is not a valid username characters");
  const std::vector<Row> rows = {
      {"user=admin&passwd=wrong", 403, forbidden},
      {"user=nobody&passwd=wrong", 403, forbidden},
      {"user=admin", 403, forbidden},
      {"user=guest&passwd=", 403, forbidden},
      {"user=admin&passwd=%20correct+horse", 403, forbidden},  // a password is not trimmed
      {"", 400, no_user},
      {"passwd=correct+horse", 400, no_user},
      {"user=&passwd=x", 400, no_user},
      {"User=admin&Passwd=x", 400, no_user},
      {"user=Admin!&passwd=x", 400, invalid("The argument 'Admin!' is not a valid username characters")},
      {"user=a%20b&passwd=x", 400, invalid("The argument 'a b' is not a valid username characters")},
      {"user=admin&passwd=a%09b", 400, invalid("The argument is not a valid passwd characters")},
      {"user=" + std::string(129, 'a') + "&passwd=x", 400, invalid("RAW limit exceed")},
      {"user=admin&passwd=" + std::string(513, 'a'), 400, invalid("RAW limit exceed")},
      {"user=Admin!&passwd=a%09b", 400, invalid("The argument 'Admin!' is not a valid username characters")},
  };
  for (const Row& row : rows) {
    const Response response = log_in_form(row.form);
    EXPECT_EQ(response.status, row.status) << row.form;
    EXPECT_EQ(response.body, row.body) << row.form;
    EXPECT_EQ(header_of(response, "Set-Cookie"), "") << row.form;
    clock_.advance_ms(3'600'001);  // each row is one mistake, not an attack
  }
  EXPECT_EQ(authenticator_->sessions().size(), 0U);
  EXPECT_EQ(forbidden.size(), 110U);
  EXPECT_EQ(no_user.size(), 151U);
}

TEST_F(KvmdLoginTest, TheUserIsTrimmedAndOtherFieldsAreIgnored) {
  EXPECT_EQ(log_in_form("user=+admin+&passwd=correct+horse").status, 200);
  EXPECT_EQ(log_in_form(good_form("&remember=1&user=nobody")).status, 200);  // the first of a name wins
}

TEST_F(KvmdLoginTest, OnlyFormsAreRead) {
  const std::string no_user = kvmd_error("ValidatorError", "The argument '' is not a valid username characters");
  const std::string json = R"({"user": "admin", "passwd": "correct horse"})";
  const std::vector<Call> calls = {
      {.path = "/api/auth/login", .headers = {{"Content-Type", "application/json"}}, .body = json},
      {.path = "/api/auth/login", .headers = {}, .body = json},
      {.path = "/api/auth/login", .headers = {{"Content-Type", "text/plain"}}, .body = good_form()},
      {.path = "/api/auth/login", .headers = {}, .body = good_form()},
      {.path = "/api/auth/login?" + good_form()},
  };
  for (const Call& call : calls) {
    const Response response = send(call);
    EXPECT_EQ(response.status, 400) << call.body;
    EXPECT_EQ(response.body, no_user) << call.body;
  }
}

TEST_F(KvmdLoginTest, AMultipartFormLogsIn) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nadmin\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"passwd\"\r\n\r\ncorrect horse\r\n--b--\r\n";
  const Response response =
      send({.path = "/api/auth/login", .headers = {{"Content-Type", "multipart/form-data; boundary=b"}}, .body = body});
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(header_of(response, "Set-Cookie"), "");
}

TEST_F(KvmdLoginTest, CredentialsSentAlongWithALoginAreIgnored) {
  const std::string bad_cookie = "auth_token=" + std::string(64, 'a');
  EXPECT_EQ(post_form("/api/auth/login", good_form(), {{"Cookie", bad_cookie}}).status, 200);
  EXPECT_EQ(post_form("/api/auth/login", "user=admin&passwd=wrong", {session_cookie()}).status, 403);
}

TEST_F(KvmdLoginTest, ExpireIsCheckedIn4AndUnknownIn3) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"-1", "The argument '-1' must be expiration time and greater or equial than 0"},
      {"abc", "The argument 'abc' is not a valid expiration time"},
      {"", "None argument is not a valid expiration time"},
      {"12345678901234567", "RAW limit exceed"},
  };
  for (const auto& [expire, text] : wrong) {
    const Response response = log_in_form(good_form("&expire=" + expire));
    EXPECT_EQ(response.status, 400) << expire;
    EXPECT_EQ(response.body, kvmd_error("ValidatorError", text));
  }
  EXPECT_EQ(log_in_form(good_form("&expire=0")).status, 200);
  EXPECT_EQ(log_in_form(good_form("&expire=9999999999999999")).status, 200);
  open_door({.api_version = 3});
  for (const auto& [expire, text] : wrong) EXPECT_EQ(log_in_form(good_form("&expire=" + expire)).status, 200) << expire;
}

// How long the cookie of this login opens the check.
class KvmdLifetimeTest : public KvmdFixture {
 protected:
  void expect_lifetime_s(const std::string& form, std::int64_t seconds) {
    const std::string set = header_of(log_in_form(form), "Set-Cookie");
    const std::pair<std::string, std::string> cookie = {"Cookie", set.substr(0, set.find(';'))};
    clock_.advance_ms(seconds * 1000 - 1);
    EXPECT_EQ(check(cookie).status, 200) << form;
    clock_.advance_ms(1);
    EXPECT_EQ(check(cookie).status, 403) << form;
  }
};

TEST_F(KvmdLifetimeTest, TheLesserOfExpireAndTheDoorsLifetimeCounts) {
  open_door({}, {});
  expect_lifetime_s(good_form("&expire=2"), 2);
  open_door({}, {.lifetime_s = 60});
  expect_lifetime_s(good_form(), 60);
  expect_lifetime_s(good_form("&expire=0"), 60);
  expect_lifetime_s(good_form("&expire=59"), 59);
  expect_lifetime_s(good_form("&expire=61"), 60);
  open_door({.api_version = 3}, {.lifetime_s = 60});
  expect_lifetime_s(good_form("&expire=2"), 60);
}

TEST_F(KvmdLifetimeTest, WithoutALimitASessionLasts) {
  const auto cookie = session_cookie();
  clock_.advance_ms(365LL * 24 * 3600 * 1000);
  EXPECT_EQ(check(cookie).status, 200);
}

TEST_F(KvmdLoginTest, ARedirectIn4LeadsOnlyToAllowedPlaces) {
  const Response found = log_in_form(good_form("&redirect=%2Fkvm"));
  EXPECT_EQ(found.status, 302);
  EXPECT_EQ(found.body, "302: Found");
  EXPECT_EQ(found.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(header_of(found, "Location"), "/kvm");
  EXPECT_THAT(header_of(found, "Set-Cookie"), testing::EndsWith("; HttpOnly; Path=/; SameSite=Strict"));
  EXPECT_EQ(log_in_form(good_form("&redirect=")).status, 200);
  for (const std::string target : {"/x", "//evil.example", "https://evil.example/", "/kvm/..", "/KVM"}) {
    const Response refused = log_in_form(good_form("&redirect=" + target));
    EXPECT_EQ(refused.status, 400) << target;
    EXPECT_EQ(refused.body,
              kvmd_error("ValidatorError", "The argument '" + target + "' is not a valid login redirect"));
  }
  open_door({.redirects = {"/home"}});
  EXPECT_EQ(header_of(log_in_form(good_form("&redirect=/home")), "Location"), "/home");
  EXPECT_EQ(log_in_form(good_form("&redirect=/kvm")).status, 400);
}

TEST_F(KvmdLoginTest, ARedirectIn3IsIgnored) {
  open_door({.api_version = 3});
  for (const std::string target : {"/kvm", "/x"}) {
    const Response response = log_in_form(good_form("&redirect=" + target));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, kEmptyResult);
  }
}

TEST_F(KvmdLoginTest, S34_AWrongRedirectOrExpireMakesNoSession) {
  log_in_form(good_form("&redirect=/x"));
  log_in_form(good_form("&expire=x"));
  EXPECT_EQ(authenticator_->sessions().size(), 0U);
}

TEST_F(KvmdLoginTest, S05_GuessingEndsIn429WithRetryAfterEvenForTheRightPassword) {
  Response response;
  for (int i = 0; i < 20 && response.status != 429; ++i) response = log_in_form("user=admin&passwd=wrong");
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.body, testing::HasSubstr("\"error\": \"TooManyRequestsError\""));
  EXPECT_GT(std::stoi(header_of(response, "Retry-After")), 0);
  EXPECT_EQ(log_in_form(good_form()).status, 429);
}

TEST_F(KvmdLoginTest, ATokenThatCouldNotBeHandedOverIsNotLeftBehind) {
  client_leaves_ = true;
  EXPECT_EQ(log_in_form(good_form()).status, 0);
  EXPECT_EQ(authenticator_->sessions().size(), 0U);
}

TEST_F(KvmdLoginTest, WrongMethodsAre405WithTheAllowedOnes) {
  const Response get = send({.method = "GET", .path = "/api/auth/login"});
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.body, "405: Method Not Allowed");
  EXPECT_THAT(header_of(get, "Allow"), testing::HasSubstr("POST"));
  EXPECT_EQ(send({.path = "/api/auth/check"}).status, 405);
  EXPECT_EQ(send({.method = "GET", .path = "/api/auth/logout"}).status, 405);
}

TEST_F(KvmdLoginTest, S10_OnlyTheCheckIsMarkedAsChangingNothing) {
  for (const auto& route : router_.routes()) EXPECT_EQ(route->safe, route->pattern == "/api/auth/check");
}

TEST_F(KvmdLoginTest, S05_WithoutMemoryALoginOrARequestWithAPasswordIsAnswered503) {
  no_memory_ = true;
  const Response login = log_in_form(good_form());
  const Response check = send({.method = "GET",
                               .path = "/api/auth/check",
                               .headers = {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", auth::kPassword}}});
  for (const Response& response : {login, check}) {
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header_of(response, "Retry-After"), "3");
    EXPECT_TRUE(response.body.find("not enough memory") != std::string::npos) << response.body;
  }
}

}  // namespace
}  // namespace backplane::login
