// The rows of PiKVM's check (pikvm.md §4) byte by byte over TLS, with the decisions of the contracts' table if it is
// meant to differ: UTF-8 passwords, and Basic split at its first colon. The rows of its login form and of its logout
// stand in tests/unit/login, for they need a clock.
#include <string>
#include <vector>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

constexpr const char* kSuccess = "{\n    \"ok\": true,\n    \"result\": {}\n}";
constexpr const char* kUnauthorized =
    "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"UnauthorizedError\",\n        \"error_msg\": "
    "\"Unauthorized\"\n    }\n}";
constexpr const char* kForbidden =
    "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"ForbiddenError\",\n        \"error_msg\": "
    "\"Forbidden\"\n    }\n}";

std::string validator_error(const std::string& text) {
  return "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"ValidatorError\",\n        \"error_msg\": \"" +
         text + "\"\n    }\n}";
}

const std::string kNoToken = validator_error("The argument is not a valid auth token");
const std::string kStaleCookie = "auth_token=" + std::string(64, 'a');

struct Row {
  const char* name;
  Headers headers;
  int status;
  std::string body;
};

class HttpLogin : public HttpSuite {
 protected:
  static Headers x_headers(const std::string& user, const std::string& password) {
    return {{"X-KVMD-User", user}, {"X-KVMD-Passwd", password}};
  }
  static Headers joined(Headers one, const Headers& two) {
    one.insert(one.end(), two.begin(), two.end());
    return one;
  }
  static std::string form(const std::string& more = {}) { return "user=admin&passwd=" + daemon().password() + more; }
  static void expect_rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      SCOPED_TRACE(row.name);
      const Reply reply = client().get("/api/auth/check", row.headers);
      EXPECT_EQ(reply.status, row.status);
      EXPECT_EQ(reply.body, row.body);
      EXPECT_EQ(reply.header("Content-Type"), "application/json; charset=utf-8");
      EXPECT_EQ(reply.header("WWW-Authenticate"), "");
    }
  }
};

TEST_F(HttpLogin, TheBodiesHaveTheContractsSizes) {
  EXPECT_EQ(std::string(kSuccess).size(), 36U);
  EXPECT_EQ(std::string(kForbidden).size(), 110U);
  EXPECT_EQ(std::string(kUnauthorized).size(), 116U);
  EXPECT_EQ(client().get("/api/auth/check").header("Content-Length"), "116");
  EXPECT_EQ(client().get("/api/auth/check", {{"Cookie", kStaleCookie}}).header("Content-Length"), "110");
  EXPECT_EQ(client().get("/api/auth/check", admin()).header("Content-Length"), "36");
}

TEST_F(HttpLogin, EveryRowOfCheckWithHeaders) {
  const std::string& password = daemon().password();
  expect_rows({
      {"nothing", {}, 401, kUnauthorized},
      {"right X-headers", x_headers("admin", password), 200, kSuccess},
      {"wrong X-headers", x_headers("admin", "wrong"), 403, kForbidden},
      {"unknown user", x_headers("nobody", password), 403, kForbidden},
      {"malformed user", x_headers("Admin!", "x"), 400,
       validator_error("The argument 'Admin!' is not a valid username characters")},
      {"malformed user without a password",
       {{"X-KVMD-User", "Admin!"}},
       400,
       validator_error("The argument 'Admin!' is not a valid username characters")},
      {"X-User without a password", {{"X-KVMD-User", "admin"}}, 403, kForbidden},
      {"X-User empty", x_headers("", password), 401, kUnauthorized},
      {"a password in UTF-8 is only wrong", x_headers("admin", "\xc3\xbc"), 403, kForbidden},
      {"right Basic", {{"Authorization", support::basic("admin", password)}}, 200, kSuccess},
      {"wrong Basic", {{"Authorization", support::basic("admin", "wrong")}}, 403, kForbidden},
      {"Basic in capitals", {{"Authorization", "BASIC" + support::basic("admin", password).substr(5)}}, 200, kSuccess},
      {"S-18 Basic with two colons", {{"Authorization", support::basic("admin", "a:b")}}, 403, kForbidden},
      {"Basic garbage", {{"Authorization", "Basic ???"}}, 401, kUnauthorized},
      {"Basic without a colon", {{"Authorization", "Basic YWRtaW4="}}, 401, kUnauthorized},
      {"unreadable Bearer", {{"Authorization", "Bearer x"}}, 401, kUnauthorized},
      {"readable bad Bearer", {{"Authorization", "Bearer " + std::string(64, 'a')}}, 403, kForbidden},
      {"another scheme", {{"Authorization", "Digest x"}}, 401, kUnauthorized},
      {"cookie zzz", {{"Cookie", "auth_token=zzz"}}, 400, kNoToken},
      {"unknown cookie", {{"Cookie", kStaleCookie}}, 403, kForbidden},
      {"empty cookie", {{"Cookie", "auth_token="}}, 401, kUnauthorized},
  });
}

TEST_F(HttpLogin, TheFirstCredentialPresentDecidesAndABadOneNeverFallsThrough) {
  const Headers stale = {{"Cookie", kStaleCookie}};
  const Headers right_x = x_headers("admin", daemon().password());
  const Headers wrong_x = x_headers("admin", "wrong");
  const Headers bad_bearer = {{"Authorization", "Bearer " + std::string(64, 'a')}};
  expect_rows({
      {"stale cookie, right Basic", joined(stale, admin()), 403, kForbidden},
      {"stale cookie, right X-headers", joined(stale, right_x), 200, kSuccess},
      {"wrong X-headers, right Basic", joined(wrong_x, admin()), 403, kForbidden},
      {"wrong X-headers, right cookie", joined(wrong_x, daemon().session()), 403, kForbidden},
      {"bad bearer, right cookie", joined(bad_bearer, daemon().session()), 403, kForbidden},
      {"right X-headers, bad bearer", joined(right_x, bad_bearer), 200, kSuccess},
      {"right cookie, wrong Basic", joined(daemon().session(), {{"Authorization", support::basic("admin", "wrong")}}),
       200, kSuccess},
  });
}

TEST_F(HttpLogin, ALoginSetsTheCookieThatOpensRoutesAsCookieAndAsBearer) {
  const Reply login = client().post_form("/api/auth/login", form());
  EXPECT_EQ(login.status, 200);
  EXPECT_EQ(login.body, kSuccess);
  const std::string set = login.header("Set-Cookie");
  ASSERT_EQ(set.size(),
            std::string("auth_token=").size() + 64 + std::string("; HttpOnly; Path=/; SameSite=Strict; Secure").size());
  EXPECT_EQ(set.find("auth_token="), 0U);
  EXPECT_EQ(set.substr(11 + 64), "; HttpOnly; Path=/; SameSite=Strict; Secure");
  const std::string token = login.cookie().substr(11);
  EXPECT_EQ(client().get("/api/auth/check", {{"Cookie", login.cookie()}}).status, 200);
  EXPECT_EQ(client().get("/api/auth/check", {{"Authorization", "Bearer " + token}}).status, 200);
  EXPECT_EQ(client().get("/api/auth/check", {{"Gravwell-Token", token}}).status, 200);
}

TEST_F(HttpLogin, TheDoorsOfTheDaemonAreSetUpAsTheConfigurationSays) {
  const Reply led_on = client().post_form("/api/auth/login", form("&redirect=/kvm"));
  EXPECT_EQ(led_on.status, 302);
  EXPECT_EQ(led_on.header("Location"), "/kvm");
  EXPECT_FALSE(led_on.cookie().empty());
  EXPECT_EQ(client().post_form("/api/auth/login", form("&expire=abc")).status, 400);
  const Headers first = daemon().session();
  const Headers second = daemon().session();
  EXPECT_EQ(client().request("POST", "/api/auth/logout", first).body, kSuccess);
  EXPECT_EQ(client().get("/api/auth/check", first).status, 403);
  EXPECT_EQ(client().get("/api/auth/check", second).status, 403) << "kvmd's logout ends all sessions of the user";
}

TEST_F(HttpLogin, S20_TheAnswersOfAWrongUserAndAWrongPasswordDifferInNothingButTheDate) {
  const auto head = [](const Reply& reply) {
    std::string text;
    for (const auto& [name, value] : reply.headers) {
      if (name != "Date") text += name + ": " + value + "\n";
    }
    return text;
  };
  const Reply user = client().post_form("/api/auth/login", "user=nobody&passwd=wrong-password");
  const Reply password = client().post_form("/api/auth/login", "user=admin&passwd=wrong-password");
  EXPECT_EQ(head(user), head(password));
  EXPECT_EQ(user.body, password.body);
}

}  // namespace
}  // namespace backplane::integration
