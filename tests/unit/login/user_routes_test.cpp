// The users API that backplanectl and scripts use.
#include "admin/user_routes.hpp"

#include <gmock/gmock.h>

#include "unit/login/door_fixture.hpp"

namespace backplane::login {
namespace {

using exchange::Response;
using testing::HasSubstr;
using testing::Not;

class UserRoutesTest : public DoorFixture {
 protected:
  void SetUp() override {
    DoorFixture::SetUp();
    auto routes = admin::user_routes(*authenticator_, "bench");
    for (auto& route : kvmd_routes(*authenticator_, {}, {})) routes.push_back(std::move(route));
    serve(std::move(routes));
  }

  Response as_admin(const std::string& method, const std::string& path, const std::string& json = {}) {
    Call call{.method = method,
              .path = path,
              .headers = {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", auth::kPassword}},
              .body = json};
    if (!json.empty()) call.headers.emplace_back("Content-Type", "application/json");
    return send(call);
  }
  Response add(const std::string& json) { return as_admin("POST", "/api/v1/users", json); }
  int login_status(const std::string& user, const std::string& password) {
    return post_form("/api/auth/login", "user=" + user + "&passwd=" + password).status;
  }
};

TEST_F(UserRoutesTest, S15_EveryRouteNeedsTheRightToManageUsers) {
  for (const auto& route : admin::user_routes(*authenticator_, "bench")) {
    EXPECT_EQ(route.scope, "users.manage");
    EXPECT_EQ(route.safe, route.method == "GET");
  }
}

TEST_F(UserRoutesTest, ListsUsersByNameAndNeverAHash) {
  const Response response = as_admin("GET", "/api/v1/users");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, exchange::kJsonType);
  EXPECT_THAT(response.body, HasSubstr(R"({"users":[{"uid":1,"name":"admin","role":"admin","enabled":true,)"
                                       R"("password_set":true,)"));
  EXPECT_THAT(response.body, HasSubstr(R"({"uid":2,"name":"guest","role":"viewer","enabled":false,)"
                                       R"("password_set":false,)"));
  EXPECT_LT(response.body.find("\"guest\""), response.body.find("\"viewer\","));
  EXPECT_THAT(response.body, Not(HasSubstr("argon2")));
}

TEST_F(UserRoutesTest, AnAddedUserCanLogIn) {
  const Response response = add(R"({"name":"anna","role":"operator","password":"long enough"})");
  EXPECT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(header_of(response, "Location"), "/api/v1/users/anna");
  EXPECT_THAT(response.body, HasSubstr(R"("name":"anna","role":"operator","enabled":true)"));
  EXPECT_THAT(response.body, Not(HasSubstr("long enough")));
  EXPECT_EQ(login_status("anna", "long+enough"), 200);
}

TEST_F(UserRoutesTest, AFormDoesAsWellAsJson) {
  const Response response = post_form("/api/v1/users", "name=anna&role=viewer&password=long+enough",
                                      {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", auth::kPassword}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(login_status("anna", "long+enough"), 200);
}

TEST_F(UserRoutesTest, MistakesAreNamedAndChangeNothing) {
  const std::vector<std::tuple<std::string, int, std::string>> rows = {
      {R"({"name":"anna","role":"viewer"})", 400, "the field 'password' is missing"},
      {R"({"role":"viewer","password":"long enough"})", 400, "the field 'name' is missing"},
      {R"({"name":"anna","role":"viewer","password":"long enough","admin":true})", 400, "no field 'admin'"},
      {R"({"name":"anna","name":"admin","role":"viewer","password":"long enough"})", 400, "more than once"},
      {R"({"name":"Anna!","role":"viewer","password":"long enough"})", 400, "the user name is not valid"},
      {R"({"name":"anna","role":"root","password":"long enough"})", 400, "the roles are admin, operator, viewer"},
      {R"({"name":"anna","role":"viewer","password":"short"})", 400, "too short"},
      {R"({"name":"admin","role":"viewer","password":"long enough"})", 409, "there is a user 'admin' already"},
      {R"(["anna"])", 400, "not an object"},
      {R"({"name":)", 400, "not valid JSON"},
  };
  for (const auto& [json, status, text] : rows) {
    const Response response = add(json);
    EXPECT_EQ(response.status, status) << json;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr(text)) << json;
    EXPECT_THAT(response.body, Not(HasSubstr("long enough")));
  }
  EXPECT_EQ(authenticator_->users().list().size(), 3U);
}

TEST_F(UserRoutesTest, S13_ANewPasswordEndsTheUsersSessions) {
  const std::string token = token_of("viewer");
  EXPECT_EQ(as_admin("PUT", "/api/v1/users/viewer/password", R"({"password":"new password"})").status, 204);
  EXPECT_EQ(identify_cookie(token).refusal->error, base::Error::kForbidden);
  EXPECT_EQ(login_status("viewer", "new+password"), 200);
  EXPECT_EQ(login_status("viewer", "correct+horse"), 403);
}

TEST_F(UserRoutesTest, S13_AnotherRoleOrALockEndsTheUsersSessions) {
  const std::string first = token_of("viewer");
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/viewer", R"({"role":"operator"})").status, 204);
  EXPECT_TRUE(identify_cookie(first).refusal);
  const std::string second = token_of("viewer");
  EXPECT_EQ(identify_cookie(second).principal->role, "operator");
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/viewer", R"({"enabled":false})").status, 204);
  EXPECT_TRUE(identify_cookie(second).refusal);
  EXPECT_EQ(login_status("viewer", "correct+horse"), 403);
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/viewer", R"({"enabled":true})").status, 204);
  EXPECT_EQ(login_status("viewer", "correct+horse"), 200);
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/viewer", R"({"role":"admin","enabled":true})").status, 400);
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/viewer", R"({"enabled":"maybe"})").status, 400);
  EXPECT_EQ(as_admin("PATCH", "/api/v1/users/admin", R"({"enabled":false})").status, 409) << "the last admin";
}

TEST_F(UserRoutesTest, ASecondFactorIsShownOnceAndAskedForFromThenOn) {
  const Response made = as_admin("POST", "/api/v1/users/viewer/totp");
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, HasSubstr(R"("url":"otpauth://totp/bench:viewer?secret=)"));
  EXPECT_EQ(header_of(made, "Cache-Control"), "no-store");
  EXPECT_EQ(login_status("viewer", "correct+horse"), 403);
  EXPECT_THAT(as_admin("GET", "/api/v1/users").body, HasSubstr(R"("totp":true)"));
  EXPECT_THAT(as_admin("GET", "/api/v1/users").body, Not(HasSubstr("secret")));
  EXPECT_EQ(as_admin("DELETE", "/api/v1/users/viewer/totp").status, 204);
  EXPECT_EQ(login_status("viewer", "correct+horse"), 200);
  EXPECT_EQ(as_admin("POST", "/api/v1/users/nobody/totp").status, 404);
}

TEST_F(UserRoutesTest, ChangingOnesOwnPasswordIsStillAnswered) {
  const std::string token = token_of("admin");
  const Response response = send({.method = "PUT",
                                  .path = "/api/v1/users/admin/password",
                                  .headers = {{"Cookie", "auth_token=" + token}, {"Content-Type", "application/json"}},
                                  .body = R"({"password":"new password"})"});
  EXPECT_EQ(response.status, 204);
  EXPECT_FALSE(identify_cookie(token).principal);
}

TEST_F(UserRoutesTest, SettingAPasswordOpensGuest) {
  EXPECT_EQ(login_status("guest", ""), 403);
  EXPECT_EQ(as_admin("PUT", "/api/v1/users/guest/password", R"({"password":"guest password"})").status, 204);
  EXPECT_EQ(login_status("guest", "guest+password"), 200);
}

TEST_F(UserRoutesTest, APasswordChangeNamesItsMistakes) {
  const auto put = [&](const std::string& name, const std::string& json) {
    return as_admin("PUT", "/api/v1/users/" + name + "/password", json);
  };
  EXPECT_EQ(put("nobody", R"({"password":"long enough"})").status, 404);
  EXPECT_THAT(put("nobody", R"({"password":"long enough"})").body, HasSubstr("there is no user 'nobody'"));
  EXPECT_EQ(put("viewer", R"({"password":"short"})").status, 400);
  EXPECT_EQ(put("viewer", R"({})").status, 400);
  EXPECT_EQ(put("viewer", R"({"passwd":"long enough"})").status, 400);
}

TEST_F(UserRoutesTest, ADeletedUserIsGoneWithItsSessions) {
  const std::string token = token_of("viewer");
  EXPECT_EQ(as_admin("DELETE", "/api/v1/users/viewer").status, 204);
  EXPECT_FALSE(identify_cookie(token).principal);
  EXPECT_EQ(login_status("viewer", "correct+horse"), 403);
  EXPECT_EQ(as_admin("DELETE", "/api/v1/users/viewer").status, 404);
}

TEST_F(UserRoutesTest, TheLastAdminStays) {
  const Response response = as_admin("DELETE", "/api/v1/users/admin");
  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.body, HasSubstr("last admin"));
  EXPECT_EQ(login_status("admin", "correct+horse"), 200);
}

}  // namespace
}  // namespace backplane::login
