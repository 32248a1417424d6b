// DragonMint's door, as its own server answers (dragonmint.md §2 and §3) and as its published text says.
#include "login/dragonmint.hpp"

#include <gtest/gtest.h>

#include "auth/crypto/base64.hpp"
#include "exchange/dialects/styles.hpp"
#include "login/doors.hpp"
#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;

constexpr const char* kSuccess = R"({"success":true})";
constexpr const char* kInvalid = R"({"success":false,"message":"invalid request"})";
constexpr const char* kExpired = R"({"success":false,"token":"expired"})";

class DragonmintTest : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    open_door({});
  }

  void open_door(const config::DragonmintSettings& compat) {
    auto routes = dragonmint_routes(*authenticator_, compat, {.lifetime_s = 6 * 3600});
    http::Route ping;  // as a plugin's: any route of this style
    ping.id = "ping";
    ping.method = "GET";
    ping.pattern = "/api/ping";
    ping.scope = "info";
    ping.style = routes.front().style;
    ping.handler = [](const auto& operation) {
      Response response;
      response.body = R"({"success":true})";
      operation->respond(std::move(response));
    };
    routes.push_back(std::move(ping));
    serve(std::move(routes));
  }

  Response log_in_form(const std::string& form) { return post_form("/api/auth", form); }
  std::string jwt() {
    const std::string body = log_in_form("username=admin&password=correct+horse").body;
    const std::string before = R"({"success":true,"jwt":")";
    EXPECT_TRUE(body.starts_with(before)) << body;
    return body.substr(before.size(), body.size() - before.size() - 2);
  }
  Response ping(const std::string& authorization) {
    return send({.method = "GET", .path = "/api/ping", .headers = {{"Authorization", authorization}}});
  }
  static std::string basic(const std::string& user, const std::string& password) {
    return "Basic " + auth::encode_base64(user + ":" + password, auth::Padding::kRequired);
  }
  Response update(const std::string& form, const std::string& authorization = basic("admin", auth::kPassword)) {
    return post_form("/api/updatePassword", form, {{"Authorization", authorization}});
  }
};

TEST_F(DragonmintTest, ALoginByFormAnswersAJwtWithItsClaims) {
  const std::string token = jwt();
  const std::size_t first = token.find('.');
  const std::string payload =
      auth::decode_base64url(token.substr(first + 1, token.rfind('.') - first - 1)).value_or("");
  const std::string issued = std::to_string(clock_.wall_ms() / 1000);
  const std::string expires = std::to_string(clock_.wall_ms() / 1000 + 21600);
  for (const std::string& claim : {std::string(R"("iss":"DragonMint")"), R"("iat":)" + issued, R"("exp":)" + expires,
                                   std::string(R"("user":"admin")")}) {
    EXPECT_NE(payload.find(claim), std::string::npos) << claim << " in " << payload;
  }
}

TEST_F(DragonmintTest, ALoginByJsonOrMultipartIsTheSame) {
  EXPECT_TRUE(send({.path = "/api/auth",
                    .headers = {{"Content-Type", "application/json"}},
                    .body = R"({"username":"admin","password":"correct horse"})"})
                  .body.starts_with(R"({"success":true,"jwt":")"));
  EXPECT_TRUE(
      send({.path = "/api/auth",
            .headers = {{"Content-Type", "multipart/form-data; boundary=b"}},
            .body = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\nadmin\r\n"
                    "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncorrect horse\r\n--b--\r\n"})
          .body.starts_with(R"({"success":true,"jwt":")"));
}

TEST_F(DragonmintTest, RefusalsHaveStatus200AndAMessage) {
  const Response wrong = log_in_form("username=admin&password=wrong+horse");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(wrong.body, R"({"success":false,"message":"invalid password"})");
  EXPECT_EQ(log_in_form("username=nobody&password=wrong+horse").body, wrong.body) << "S-20: not told apart";
  for (const char* form : {"", "username=admin", "password=x", "username=&password=x", "username=admin&password="}) {
    EXPECT_EQ(log_in_form(form).body, R"({"success":false,"message":"missing username/password fields"})") << form;
  }
}

TEST_F(DragonmintTest, S05_WithoutMemoryALoginIsAnswered503) {
  no_memory_ = true;
  const Response response = log_in_form("username=admin&password=correct+horse");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header_of(response, "Retry-After"), "3");
  EXPECT_TRUE(response.body.starts_with(R"({"success":false,"message":")")) << response.body;
}

TEST_F(DragonmintTest, CharactersThatNoUserHasAreDroppedFromTheName) {
  EXPECT_TRUE(log_in_form("username=+ad%27min%3B&password=correct+horse").body.starts_with(R"({"success":true)"));
}

TEST_F(DragonmintTest, TheJwtOrBasicOpensEveryRoute) {
  EXPECT_EQ(ping("Bearer " + jwt()).body, kSuccess);
  EXPECT_EQ(ping(basic("admin", auth::kPassword)).body, kSuccess);
  EXPECT_EQ(ping(basic("admin", "wrong")).body, kInvalid);
  EXPECT_EQ(ping(basic("admin", "wrong")).status, 200);
  EXPECT_EQ(send({.method = "GET", .path = "/api/ping"}).body, kInvalid);
}

TEST_F(DragonmintTest, EveryBadBearerIsAnExpiredToken) {
  const std::string token = jwt();
  for (const std::string& bad : {std::string("garbage"), std::string("a.b.c"), token + "x", std::string()}) {
    const Response response = ping("Bearer " + bad);
    EXPECT_EQ(response.body, kExpired) << bad;
    EXPECT_EQ(response.status, 200);
  }
}

TEST_F(DragonmintTest, TheJwtLivesSixHoursWithoutAnIdleLimit) {
  const std::string token = jwt();
  clock_.advance_ms(6 * 3'600'000 - 1);
  EXPECT_EQ(ping("Bearer " + token).body, kSuccess);
  clock_.advance_ms(1);
  EXPECT_EQ(ping("Bearer " + token).body, kExpired);
}

TEST_F(DragonmintTest, TheJwtOutlivesARestartOfTheDaemonButNotOfTheDevice) {
  const std::string token = jwt();
  restart();
  open_door({});
  EXPECT_EQ(ping("Bearer " + token).body, kSuccess);
  boot_id_ = "another boot";
  restart();
  open_door({});
  EXPECT_EQ(ping("Bearer " + token).body, kExpired);
}

TEST_F(DragonmintTest, WithRealStatusesTheBodiesStayTheSame) {
  open_door({.http_status = config::DragonmintStatus::kStandard});
  const Response none = send({.method = "GET", .path = "/api/ping"});
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body, kInvalid);
  EXPECT_EQ(ping("Bearer a.b.c").status, 401);
  EXPECT_EQ(ping("Bearer " + std::string(64, 'a')).status, 403);
  EXPECT_EQ(ping("Bearer a.b.c").body, kExpired);
  const Response wrong = log_in_form("username=admin&password=wrong+horse");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.body, R"({"success":false,"message":"invalid password"})");
}

TEST(DoorStyles, AreEveryStyleButProblemWithTheOwnersOption) {
  config::CompatSettings compat;
  std::vector<exchange::ErrorStyle> expected(exchange::error_styles().begin() + 1, exchange::error_styles().end());
  EXPECT_TRUE(door_styles(compat) == expected);
  compat.dragonmint.http_status = config::DragonmintStatus::kStandard;
  for (exchange::ErrorStyle& style : expected) {
    if (style.name == exchange::kDragonmintStyle.name) style.login_refusal_status = 0;
  }
  EXPECT_TRUE(door_styles(compat) == expected);
}

TEST_F(DragonmintTest, UpdatePasswordChecksInTheOriginalsOrder) {
  EXPECT_EQ(update("user=nobody&currentPassword=wrong&newPassword=").body,
            R"({"success":false,"message":"wrong current password"})");
  EXPECT_EQ(update("user=nobody&currentPassword=correct+horse&newPassword=").body,
            R"({"success":false,"message":"invalid user"})");
  EXPECT_EQ(update("user=guest&currentPassword=correct+horse&newPassword=").body,
            R"({"success":false,"message":"invalid new password"})");
  EXPECT_EQ(update("user=guest&currentPassword=correct+horse&newPassword=guest+pass+word").body, kSuccess);
}

TEST_F(DragonmintTest, ANewPasswordOpensGuest) {
  EXPECT_EQ(ping(basic("guest", "guest pass word")).body, kInvalid);
  EXPECT_EQ(update("user=guest&currentPassword=correct+horse&newPassword=guest+pass+word").body, kSuccess);
  EXPECT_EQ(ping(basic("guest", "guest pass word")).body, kSuccess);
}

TEST_F(DragonmintTest, S13_ANewPasswordEndsTheJwtsOfItsUser) {
  const std::string token = jwt();
  EXPECT_EQ(update("user=admin&currentPassword=correct+horse&newPassword=battery+staple", "Bearer " + token).body,
            kSuccess);
  EXPECT_EQ(ping("Bearer " + token).body, kExpired);
  EXPECT_EQ(ping(basic("admin", "battery staple")).body, kSuccess);
}

TEST_F(DragonmintTest, OnlyAnAdminMayUpdatePasswords) {
  const std::string viewer = basic("viewer", auth::kPassword);
  EXPECT_EQ(update("user=guest&currentPassword=correct+horse&newPassword=guest+pass+word", viewer).body, kInvalid);
  EXPECT_EQ(ping(basic("guest", "guest pass word")).body, kInvalid);
}

}  // namespace
}  // namespace backplane::login
