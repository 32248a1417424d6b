// Gravwell's door: its published text line by line, and what its clients need beyond it (gravwell.md).
#include "login/gravwell.hpp"

#include <gtest/gtest.h>

#include "auth/crypto/base64.hpp"
#include "auth/crypto/totp.hpp"
#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kJson = R"({"User":"admin","Pass":"correct horse"})";
constexpr const char* kWrong = R"({"LoginStatus":false,"Reason":"Invalid username or password"})";

class GravwellTest : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    open_door({});
  }

  void open_door(const config::GravwellSettings& compat) {
    serve(gravwell_routes(*authenticator_, compat, {.lifetime_s = 12 * 3600, .idle_s = 3600}));
  }

  Response post(const std::string& body, const std::string& type = "application/json", Headers headers = {}) {
    if (!type.empty()) headers.emplace_back("Content-Type", type);
    return send({.path = "/api/login", .headers = std::move(headers), .body = body});
  }
  static std::string jwt_of(const Response& response) {
    const std::string before = R"({"LoginStatus":true,"JWT":")";
    EXPECT_TRUE(response.body.starts_with(before)) << response.status << response.body;
    if (!response.body.starts_with(before)) return {};
    return response.body.substr(before.size(), response.body.size() - before.size() - 2);
  }
  std::string log_in_as(const std::string& user) {
    return jwt_of(post(R"({"User":")" + user + R"(","Pass":"correct horse"})"));
  }
  Response ask(const std::string& token, const std::string& path, const std::string& method = "GET") {
    return send({.method = method, .path = path, .headers = {{"Authorization", "Bearer " + token}}});
  }
  int status(const std::string& token) { return ask(token, "/api/testauth").status; }
};

TEST_F(GravwellTest, ALoginByJsonAnswersExactlyStatusAndToken) {
  const Response response = post(kJson);
  EXPECT_EQ(response.status, 200);
  const std::string token = jwt_of(response);
  EXPECT_EQ(std::count(token.begin(), token.end(), '.'), 2);
  EXPECT_EQ(token.find('='), std::string::npos);
  EXPECT_EQ(header_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(response, "Set-Cookie"), "");
}

TEST_F(GravwellTest, ALoginByAnyFormAndWithoutAContentTypeIsTheSame) {
  jwt_of(post("Pass=correct+horse&User=admin", "application/x-www-form-urlencoded"));  // the Go client's order
  jwt_of(
      post("--b\r\nContent-Disposition: form-data; name=\"User\"\r\n\r\nadmin\r\n"
           "--b\r\nContent-Disposition: form-data; name=\"Pass\"\r\n\r\ncorrect horse\r\n--b--\r\n",
           "multipart/form-data; boundary=b"));
  jwt_of(post(kJson, ""));
  jwt_of(post(R"({"user":"admin","pass":"correct horse"})"));
  EXPECT_EQ(post("User=admin", "text/plain").status, 400);
  EXPECT_EQ(send({.path = "/api/login?User=admin&Pass=correct+horse"}).status, 401) << "never from the address";
}

TEST_F(GravwellTest, AWrongPasswordSaysSoInTheDocumentedWords) {
  const Response wrong = post(R"({"User":"admin","Pass":"wrong horse"})");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, kWrong);
  EXPECT_EQ(header_of(wrong, "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(post(R"({"User":"nobody","Pass":"wrong horse"})").body, kWrong);
  EXPECT_EQ(post("{}").body, kWrong);
  for (const int chosen : {422, 200}) {
    open_door({.login_failure_status = chosen});
    const Response response = post(R"({"User":"admin","Pass":"wrong horse"})");
    EXPECT_EQ(response.status, chosen);
    EXPECT_EQ(response.body, kWrong);
  }
}

TEST_F(GravwellTest, TheTokenIsABearerOnEveryOtherRequest) {
  const std::string token = jwt_of(post(kJson));
  EXPECT_EQ(status(token), 200);
  EXPECT_EQ(send({.method = "GET", .path = "/api/testauth"}).status, 401);
  std::string flipped = token;
  flipped.back() = flipped.back() == 'A' ? 'E' : 'A';
  for (const std::string& bad : {flipped, token.substr(0, token.size() - 1), token + ".", std::string("a.b.c")}) {
    const Response response = ask(bad, "/api/testauth");
    EXPECT_EQ(response.status, 401) << "never 403: that would be about a right";
    EXPECT_EQ(response.body, R"({"Error":"Unauthorized"})");
  }
}

TEST_F(GravwellTest, PutLogoutEndsThisSessionAndNoOther) {
  const std::string first = jwt_of(post(kJson));
  const std::string second = jwt_of(post(kJson));
  const Response response = ask(first, "/api/logout", "PUT");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");  // its clients parse it
  EXPECT_EQ(status(first), 401);
  EXPECT_EQ(ask(first, "/api/logout", "PUT").status, 401);
  EXPECT_EQ(status(second), 200);
}

TEST_F(GravwellTest, DeleteLogoutEndsAllSessionsOfTheUserAndOfNobodyElse) {
  const std::string first = jwt_of(post(kJson));
  const std::string second = jwt_of(post(kJson));
  const std::string other = log_in_as("viewer");
  const Response response = ask(first, "/api/logout", "DELETE");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(status(first), 401);
  EXPECT_EQ(status(second), 401);
  EXPECT_EQ(status(other), 200);
}

TEST_F(GravwellTest, TheFormOfTokensIsASettingAndBothAreReadAlways) {
  const Headers go = {{"User-Agent", "GravwellCLI"}};
  const std::string hex = jwt_of(post(kJson, "application/json", go));
  const std::string rfc = jwt_of(post(kJson));
  EXPECT_NE(hex.find_first_of("0123456789"), std::string::npos);
  EXPECT_NE(rfc.find_first_not_of("0123456789abcdef."), std::string::npos);
  open_door({.token_format = config::TokenFormat::kRfc7519});
  EXPECT_NE(jwt_of(post(kJson, "application/json", go)).find_first_not_of("0123456789abcdef."), std::string::npos);
  open_door({.token_format = config::TokenFormat::kGravwell});
  EXPECT_EQ(jwt_of(post(kJson)).find_first_not_of("0123456789abcdef."), std::string::npos);
  EXPECT_EQ(status(hex), 200);
  EXPECT_EQ(status(rfc), 200);
}

TEST_F(GravwellTest, TheListOfSessionsHasTheDocumentedKeysInTheirTypes) {
  const std::string token = jwt_of(post(kJson));
  clock_.set_wall_ms(1'700'000'000'123);
  const Response response = ask(token, "/api/users/1/sessions");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"Sessions":[{"LastHit":"2023-11-14T22:13:20.123Z","Origin":"192.0.2.1","Synced":false,)"
                           R"("TempSession":false}],"UID":1,"User":"admin"})");
  const std::string detail = ask(token, "/api/users/1/sessions?detail=true").body;
  for (const char* key : {R"("ID":)", R"("Created":")", R"("Expires":")", R"("UserAgent":")", R"("Door":"gravwell")",
                          R"("Current":true)"}) {
    EXPECT_NE(detail.find(key), std::string::npos) << key << " in " << detail;
  }
}

TEST_F(GravwellTest, LastHitAndOriginAreThoseOfTheLastRequest) {
  const std::string token = jwt_of(post(kJson));
  clock_.advance_ms(60'000);
  send({.method = "GET",
        .path = "/api/testauth",
        .headers = {{"Authorization", "Bearer " + token}},
        .address = "2001:db8::1"});
  clock_.advance_ms(1000);
  const std::string admin = log_in_as("admin");
  const std::string listed = ask(admin, "/api/users/1/sessions").body;
  EXPECT_NE(listed.find(R"("Origin":"2001:db8::1")"), std::string::npos) << listed;
}

TEST_F(GravwellTest, AdminsSeeAnyUsersSessionsAndUsersOnlyTheirOwn) {
  const std::string admin = log_in_as("admin");
  const std::string viewer = log_in_as("viewer");
  EXPECT_EQ(ask(viewer, "/api/users/3/sessions").status, 200);
  EXPECT_EQ(ask(admin, "/api/users/3/sessions").status, 200);
  EXPECT_EQ(ask(viewer, "/api/users/1/sessions").status, 403);
  EXPECT_EQ(ask(viewer, "/api/users/999/sessions").status, 403) << "no oracle";
  EXPECT_EQ(ask(admin, "/api/users/999/sessions").status, 404);
  EXPECT_EQ(ask(admin, "/api/users/one/sessions").status, 400);
  EXPECT_EQ(ask(admin, "/api/users/99999999999/sessions").status, 400);
  EXPECT_EQ(ask(admin, "/api/users/2/sessions").body, R"({"Sessions":[],"UID":2,"User":"guest"})");
}

TEST_F(GravwellTest, OneSessionOrAllOfAUserCanBeEnded) {
  const std::string admin = log_in_as("admin");
  const std::string first = log_in_as("viewer");
  const std::string second = log_in_as("viewer");
  const std::string listed = ask(first, "/api/users/3/sessions?detail=true").body;
  const std::size_t current = listed.find(R"("Current":true)");
  const std::size_t id = listed.rfind(R"("ID":)", current) + 5;
  const std::string path = "/api/users/3/sessions/" + listed.substr(id, listed.find(',', id) - id);
  EXPECT_EQ(ask(second, "/api/users/1/sessions/1", "DELETE").status, 403);
  EXPECT_EQ(ask(admin, "/api/users/1" + path.substr(12), "DELETE").status, 404) << "not this user's";
  EXPECT_EQ(ask(admin, path, "DELETE").status, 200);
  EXPECT_EQ(status(first), 401);
  EXPECT_EQ(status(second), 200);
  EXPECT_EQ(ask(admin, path, "DELETE").status, 404);
  EXPECT_EQ(ask(admin, "/api/users/3/sessions", "DELETE").status, 200);
  EXPECT_EQ(status(second), 401);
  EXPECT_EQ(status(admin), 200);
}

TEST_F(GravwellTest, ASessionEndsAfterAnIdleHourAndAfterTwelveHours) {
  const std::string idle = jwt_of(post(kJson));
  clock_.advance_ms(3'600'000 - 1);
  EXPECT_EQ(status(idle), 200);
  clock_.advance_ms(3'600'000);
  EXPECT_EQ(status(idle), 401);
  const std::string busy = jwt_of(post(kJson));
  for (int half_hours = 1; half_hours < 24; ++half_hours) {
    clock_.advance_ms(1'800'000);
    ASSERT_EQ(status(busy), 200) << half_hours;
  }
  clock_.advance_ms(1'800'000);
  EXPECT_EQ(status(busy), 401);
}

TEST_F(GravwellTest, TheWallClockDecidesNothing) {
  const std::string token = jwt_of(post(kJson));
  constexpr std::int64_t kTenYearsMs = 10LL * 365 * 24 * 3'600'000;
  const std::int64_t now = clock_.wall_ms();
  for (const std::int64_t wall : {now + kTenYearsMs, now - kTenYearsMs}) {
    clock_.set_wall_ms(wall);
    authenticator_->tick();
    EXPECT_EQ(status(token), 200);
  }
  clock_.advance_ms(3'600'000);
  EXPECT_EQ(status(token), 401) << "and it is not immortal";
}

TEST_F(GravwellTest, AUserWithASecondFactorIsAskedForItAfterTheRightPassword) {
  const std::string key = "12345678901234567890";
  bool done = false;
  authenticator_->users().set_totp("viewer", base::Secret(key), [&](const auto&) { done = true; });
  ASSERT_TRUE(loop_->run_until([&] { return done; }));
  const Response asked = post(R"({"User":"viewer","Pass":"correct horse"})");
  EXPECT_EQ(asked.status, 200) << "the Go client reads no other body";
  EXPECT_EQ(asked.body, R"({"LoginStatus":false,"Reason":"A second factor is needed","MFARequired":true,)"
                        R"("AcceptedAuthTypes":["TOTP"]})");
  EXPECT_EQ(post(R"({"User":"viewer","Pass":"wrong horse"})").body, kWrong);

  const std::string code = auth::totp_code(key, clock_.wall_ms() / 30'000);
  const auto second = [this](const std::string& type, const std::string& given) {
    return send({.path = "/api/login/mfa",
                 .headers = {{"User-Agent", "Go-http-client/1.1"}},
                 .body = R"({"User":"viewer","Pass":"correct horse","AuthType":")" + type + R"(","AuthCode":")" +
                         given + R"("})"});
  };
  EXPECT_EQ(second("RecoveryCodes", code).status, 400);
  EXPECT_EQ(second("TOTP", "000000").body, kWrong);
  const std::string token = jwt_of(second("TOTP", code));
  EXPECT_EQ(token.find_first_not_of("0123456789abcdef."), std::string::npos);
  EXPECT_EQ(status(token), 200);
  EXPECT_EQ(second("TOTP", code).body, kWrong) << "S-16: once";
}

TEST_F(GravwellTest, ALockedAccountIsToldOnlyToWhoKnowsThePassword) {
  const std::string token = log_in_as("viewer");
  bool done = false;
  authenticator_->users().set_enabled("viewer", false, [&](const auto&) { done = true; });
  ASSERT_TRUE(loop_->run_until([&] { return done; }));
  EXPECT_EQ(status(token), 401);
  const Response locked = post(R"({"User":"viewer","Pass":"correct horse"})");
  EXPECT_EQ(locked.status, 423);
  EXPECT_EQ(locked.body, R"({"LoginStatus":false,"Reason":"The account is locked"})");
  EXPECT_EQ(post(R"({"User":"viewer","Pass":"wrong horse"})").body, kWrong);
  EXPECT_EQ(post(R"({"User":"guest","Pass":"wrong horse"})").body, kWrong);
}

TEST_F(GravwellTest, S05_TooManyFailuresAreAnswered429WithTheBodyOfALogin) {
  for (int i = 0; i < 5; ++i) post(R"({"User":"admin","Pass":"wrong horse"})");
  const Response response = post(kJson);
  EXPECT_EQ(response.status, 429);
  EXPECT_NE(header_of(response, "Retry-After"), "");
  EXPECT_TRUE(response.body.starts_with(R"({"LoginStatus":false,"Reason":")")) << response.body;
}

TEST_F(GravwellTest, S05_WithoutMemoryALoginIsAnswered503WithTheBodyOfALogin) {
  no_memory_ = true;
  const Response response = post(kJson);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "3");
  EXPECT_TRUE(response.body.starts_with(R"({"LoginStatus":false,"Reason":")")) << response.body;
}

}  // namespace
}  // namespace backplane::login
