// The three front doors over real connections: the request sequences of known clients, and tokens on WebSockets
// (gravwell.md §2.2).
#include <string>
#include <utility>

#include "integration/http/suite.hpp"
#include "support/websocket_client.hpp"

namespace backplane::integration {
namespace {

using support::WebSocketClient;

class HttpDoors : public HttpSuite {
 protected:
  static std::string after(const std::string& text, const std::string& before) {
    const std::size_t at = text.find(before);
    if (at == std::string::npos) return {};
    const std::size_t start = at + before.size();
    return text.substr(start, text.find('"', start) - start);
  }
  static std::string gravwell_token(const Headers& more = {}) {
    Headers headers = more;
    headers.emplace_back("Content-Type", "application/json");
    const Reply reply =
        client().request("POST", "/api/login", headers, R"({"User":"admin","Pass":")" + daemon().password() + R"("})");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return after(reply.body, R"("JWT":")");
  }
  static std::string dragonmint_token() {
    const Reply reply = client().post_form("/api/auth", "username=admin&password=" + daemon().password());
    EXPECT_EQ(reply.status, 200);
    return after(reply.body, R"("jwt":")");
  }
  static Headers bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
  static WebSocketClient socket(const Headers& headers) { return {client(), "/test/socket", headers}; }
};

TEST_F(HttpDoors, ATokenOfAnyDoorOpensRoutesOfEveryOther) {
  const std::string cookie = daemon().session().front().second;
  for (const std::string& token : {gravwell_token(), gravwell_token({{"User-Agent", "GravwellCLI"}}),
                                   dragonmint_token(), cookie.substr(cookie.find('=') + 1)}) {
    ASSERT_FALSE(token.empty());
    EXPECT_EQ(client().get("/api/auth/check", bearer(token)).status, 200) << token.substr(0, 12);
    EXPECT_EQ(client().get("/api/testauth", bearer(token)).status, 200);
    EXPECT_EQ(client().get("/api/info", bearer(token)).status, 200);
    EXPECT_EQ(client().get("/api/testauth", {{"Cookie", "auth_token=" + token}}).status, 200);
    EXPECT_EQ(client().get("/api/testauth", {{"Gravwell-Token", token}}).status, 200);
  }
}

TEST_F(HttpDoors, TheGoClientsLoginOnOneConnection) {
  Client connection = client();
  const Headers agent = {{"User-Agent", "GravwellCLI"}};
  EXPECT_EQ(connection.get("/api/test", agent).body, "");
  EXPECT_EQ(connection.get("/api/test", bearer("junk")).status, 200);
  Headers with = agent;
  for (int round = 0; round < 2; ++round) {  // a revoked token, which it keeps sending, does not hinder the next login
    const Reply version = connection.get("/api/version", with);
    EXPECT_EQ(version.status, 200);
    EXPECT_NE(version.body.find(R"("API":{"Major":0,)"), std::string::npos) << version.body;
    const Reply login = connection.post_form("/api/login", "Pass=" + daemon().password() + "&User=admin", with);
    ASSERT_EQ(login.status, 200);
    const std::string token = after(login.body, R"("JWT":")");
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef."), std::string::npos) << "it reads hex tokens";
    with = {agent.front(), bearer(token).front()};
    const Reply who = connection.get("/api/info/whoami", with);
    EXPECT_NE(who.body.find(R"("UID":1,"User":"admin")"), std::string::npos) << who.body;
    EXPECT_NE(who.body.find(R"("Admin":true)"), std::string::npos) << who.body;
    EXPECT_EQ(connection.get("/api/settings", with).body, "{}");
    EXPECT_EQ(connection.get("/api/users/1/sessions", with).status, 200);
    const Reply logout = connection.request("PUT", "/api/logout", with);
    EXPECT_EQ(logout.status, 200);
    EXPECT_EQ(logout.body, "{}");
    EXPECT_EQ(connection.get("/api/testauth", with).status, 401);
  }
}

TEST_F(HttpDoors, ALoginPathWithATrailingSlashIsTheSame) {
  const Reply reply = client().request("POST", "/api/login/", {{"Content-Type", "application/json"}},
                                       R"({"User":"admin","Pass":")" + daemon().password() + R"("})");
  EXPECT_EQ(reply.status, 200) << reply.body;
}

TEST_F(HttpDoors, DragonRestLogsInByFormAndSendsTheJwtAsBearer) {
  const Reply wrong = client().post_form("/api/auth", "username=admin&password=wrong");
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(wrong.body, R"({"success":false,"message":"invalid password"})");
  const std::string token = dragonmint_token();
  const Reply expired = client().request("POST", "/api/updatePassword", bearer(token + "x"));
  EXPECT_EQ(expired.status, 200);
  EXPECT_EQ(expired.body, R"({"success":false,"token":"expired"})");
  const Reply reply =
      client().request("POST", "/api/updatePassword",
                       {{"Authorization", "Bearer " + token}, {"Content-Type", "application/x-www-form-urlencoded"}},
                       "user=admin&currentPassword=wrong&newPassword=whatever+else");
  EXPECT_EQ(reply.body, R"({"success":false,"message":"wrong current password"})");
}

TEST_F(HttpDoors, AWebSocketTakesTheTokenAsSubprotocolAndNamesItInTheAnswer) {
  for (const std::string& token : {gravwell_token(), gravwell_token({{"User-Agent", "GravwellCLI"}})}) {
    const WebSocketClient alone = socket({{"Sec-WebSocket-Protocol", token}});
    EXPECT_EQ(alone.answer().status, 101);
    EXPECT_EQ(alone.answer().header("Sec-WebSocket-Protocol"), token);
    const WebSocketClient named = socket({{"Sec-WebSocket-Protocol", "gravwell.v1, " + token}});
    EXPECT_EQ(named.answer().status, 101);
    EXPECT_EQ(named.answer().header("Sec-WebSocket-Protocol"), "gravwell.v1");
    const WebSocketClient lines = socket({{"Sec-WebSocket-Protocol", "chat"}, {"Sec-WebSocket-Protocol", token}});
    EXPECT_EQ(lines.answer().header("Sec-WebSocket-Protocol"), token);
    const WebSocketClient by_header = socket(bearer(token));
    EXPECT_EQ(by_header.answer().status, 101);
    EXPECT_EQ(by_header.answer().header("Sec-WebSocket-Protocol"), "");
  }
}

TEST_F(HttpDoors, AWebSocketWithABadTokenIsNotOpened) {
  const std::string token = gravwell_token();
  const WebSocketClient bad = socket({{"Sec-WebSocket-Protocol", token.substr(0, token.size() - 2) + "AA"}});
  EXPECT_EQ(bad.answer().status, 403);
  EXPECT_EQ(bad.answer().header("Sec-WebSocket-Protocol"), "");
}

TEST_F(HttpDoors, S06_AForeignOriginMayUseATokenButNotACookie) {
  const Headers token = {{"Sec-WebSocket-Protocol", gravwell_token()}, {"Origin", "https://evil.example"}};
  EXPECT_EQ(socket(token).answer().status, 101);
  Headers cookie = daemon().session();
  cookie.emplace_back("Origin", "https://evil.example");
  EXPECT_EQ(socket(cookie).answer().status, 403);
}

TEST_F(HttpDoors, S13_ALogoutClosesTheWebSocketsOfItsSessionAndNoOthers) {
  const std::string token = gravwell_token();
  WebSocketClient first = socket({{"Sec-WebSocket-Protocol", token}});
  WebSocketClient other = socket({{"Sec-WebSocket-Protocol", gravwell_token()}});
  EXPECT_EQ(client().request("PUT", "/api/logout", bearer(token)).status, 200);
  EXPECT_EQ(first.closed_with(), 1008U);
  ASSERT_TRUE(other.send(support::Opcode::kText, "still here"));
  const auto echo = other.receive();
  ASSERT_TRUE(echo);
  EXPECT_EQ(echo->payload, "still here");
}

TEST_F(HttpDoors, TheAuditLogTellsOfAllOfIt) {
  gravwell_token();
  client().post_form("/api/auth", "username=mallory&password=wrong");
  std::string body;
  for (int looks = 0; looks < 1000 && body.find("mallory") == std::string::npos; ++looks) {
    body = client().get("/api/v1/audit", admin()).body;  // it is written once a second
  }
  EXPECT_NE(body.find(R"("event":"login.refused","user":"mal…","address":"127.0.0.1","door":"dragonmint")"),
            std::string::npos)
      << body;
  EXPECT_EQ(body.find(daemon().password()), std::string::npos);
}

}  // namespace
}  // namespace backplane::integration
