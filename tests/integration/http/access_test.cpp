// Who may do what, over the wire: no header makes anybody more than their credential does, and every route that the
// daemon serves is tried with every role.
#include <simdjson.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

struct Route {
  std::string method;
  std::string path;  // parameters filled in
  std::string scope;
  bool websocket = false;
};

// Which roles have a scope: the built-in roles and what the manifests say. A route with another scope fails the test,
// so that whoever adds one has to say here whom it is for.
const std::map<std::string, std::set<std::string>>& granted() {
  static const std::set<std::string> kAll = {"viewer", "operator", "admin"};
  static const std::set<std::string> kOperators = {"operator", "admin"};
  static const std::set<std::string> kAdmins = {"admin"};
  static const std::map<std::string, std::set<std::string>> kGranted = {
      {"api.read", kAll},        {"health.read", kAll},    {"metrics.read", kAll},       {"sessions.own", kAll},
      {"kvm.info.read", kAll},   {"test.view", kAll},      {"plugins.read", kOperators}, {"test.control", kOperators},
      {"users.manage", kAdmins}, {"test.manage", kAdmins}, {"audit.read", kAdmins},      {"plugins.write", kAdmins}};
  return kGranted;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
  return out;
}

class HttpAccess : public HttpSuite {
 protected:
  // With real statuses for DragonMint's routes too, so that one rule holds for all of them.
  static void SetUpTestSuite() { start(options("compat: { dragonmint: { http_status: standard } }\n")); }

  // Every route that the daemon says it has.
  static std::vector<Route> routes() {
    const Reply document = client().get("/api/openapi.json", admin());
    simdjson::dom::parser parser;
    const simdjson::dom::element root = parser.parse(document.body);
    std::vector<Route> all;
    for (const auto& path : root["paths"].get_object()) {
      for (const auto& method : path.value.get_object()) {
        Route route;
        route.method = upper(method.key);
        route.path = path.key;
        for (std::size_t open = 0; (open = route.path.find('{')) != std::string::npos;) {
          route.path.replace(open, route.path.find('}') - open + 1, "nobody");
        }
        route.scope = std::string_view(method.value["x-scope"]);
        bool websocket = false;
        route.websocket = method.value["x-websocket"].get(websocket) == simdjson::SUCCESS && websocket;
        all.push_back(std::move(route));
      }
    }
    return all;
  }

  // Only the head: some of the routes stream without end, or wait.
  static int status_of(const Route& route, const Headers& headers) {
    Client connection = client();
    std::string head = line(route.method + " " + route.path + " HTTP/1.1");
    for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
    if (route.method != "GET") head += "Content-Length: 0\r\n";
    connection.send(head + "\r\n");
    const std::string said = connection.read_some();
    return said.size() < 12 ? 0 : std::stoi(said.substr(9, 3));
  }

  static std::string users() { return client().get("/api/v1/users", admin()).body; }
  static Headers with(Headers headers, const std::string& name, const std::string& value) {
    headers.emplace_back(name, value);
    return headers;
  }
};

TEST_F(HttpAccess, S15_EveryRouteWithEveryRole) {
  const std::vector<Route> all = routes();
  ASSERT_GT(all.size(), 15U);
  std::map<std::string, Headers> roles;
  for (const std::string role : {"viewer", "operator", "admin"}) roles[role] = as(role);
  for (const Route& route : all) {
    SCOPED_TRACE(route.method + " " + route.path + " " + route.scope);
    if (route.path == "/test/ends/nobody") continue;  // waits for an operation, whose scope is tried by another route
    if (route.scope == "public") {
      // A login without a body is refused as a login, by its own answer.
      if (route.path.starts_with("/api/login")) continue;
      EXPECT_NE(status_of(route, {}), 401);
      continue;
    }
    ASSERT_TRUE(granted().contains(route.scope)) << "say in granted() whom this scope is for";
    EXPECT_EQ(status_of(route, {}), 401);
    for (const auto& [role, credentials] : roles) {
      const int status = status_of(route, credentials);
      if (granted().at(route.scope).contains(role)) {
        EXPECT_TRUE(status != 401 && status != 403 && status != 0) << role << ": " << status;
      } else {
        EXPECT_EQ(status, 403) << role;
      }
    }
  }
}

TEST_F(HttpAccess, S15_APublicRouteIsOneOfThoseThatAreMeantToBe) {
  std::set<std::string> open;
  for (const Route& route : routes()) {
    if (route.scope == "public") open.insert(route.method + " " + route.path);
  }
  const std::set<std::string> meant = {
      "GET /",          "GET /login",      "GET /login/login.css", "GET /login/login.js", "POST /api/auth/login",
      "POST /api/auth", "POST /api/login", "POST /api/login/mfa",  "GET /api/test",       "GET /api/version"};
  EXPECT_EQ(open, meant);
}

// What tells of the daemon's inside; a path of that kind that is new has to say for whom it is as well.
TEST_F(HttpAccess, S07_MetricsHealthAndWhatIsForDebuggingNeedAScope) {
  for (const Route& route : routes()) {
    for (const char* part : {"metrics", "health", "debug", "openapi", "plugins", "logs", "trace", "pprof"}) {
      if (route.path.find(part) == std::string::npos) continue;
      EXPECT_NE(route.scope, "public") << route.path;
    }
  }
  for (const char* path :
       {"/metrics", "/api/v1/health", "/api/openapi.json", "/api/v1/plugins", "/api/export/prometheus/metrics"}) {
    EXPECT_EQ(client().get(path).status, 401) << path;
    EXPECT_EQ(client().get(path, admin()).status, 200) << path;
  }
  for (const char* path : {"/debug", "/debug/pprof/", "/server-status", "/nginx_status", "/api/v1/debug"}) {
    EXPECT_EQ(client().get(path, admin()).status, 404) << path;
  }
}

TEST_F(HttpAccess, S10_AGetChangesNothing) {
  as("viewer");
  const std::string before = users();
  for (const Route& route : routes()) {
    if (route.method != "GET" || route.path == "/test/ends/nobody") continue;
    for (int i = 0; i < 2; ++i) status_of(route, admin());
  }
  EXPECT_EQ(users(), before);
}

TEST_F(HttpAccess, S14_S19_NoHeaderSaysWhoSomebodyIs) {
  const Headers claims = {
      {"X-User", "admin"},
      {"X-Remote-User", "admin"},
      {"Remote-User", "admin"},
      {"X-Forwarded-User", "admin"},
      {"X-Auth-User", "admin"},
      {"X-Webauth-User", "admin"},
      {"X-Role", "admin"},
      {"X-Scopes", "*"},
      {"X-Real-IP", "127.0.0.1"},
      {"X-Server-Addr", "::1"},
      {"X-Forwarded-For", "127.0.0.1"},
      {"Forwarded", "for=127.0.0.1;by=root"},
      {"X-Uid", "0"},
      {"X-Original-URL", "/login"},
      {"X-Rewrite-URL", "/login"},
      {"X-HTTP-Method", "OPTIONS"},
      {"X-HTTP-Method-Override", "GET"},
      {"Via", "1.1 localhost"},
      {"Cookie", "user=admin"},
      {"Cookie", "uid=0; role=admin"},
      {"X-KVMD-Passwd", daemon().password()},
  };
  for (const auto& [name, value] : claims) {
    EXPECT_EQ(client().get("/api/v1/users", {{name, value}}).status, 401) << name;
    EXPECT_EQ(client().get("/api/v1/users", with(as("viewer"), name, value)).status, 403) << name;
    const Reply look = client().get("/test/look", with(as("viewer"), name, value));
    EXPECT_EQ(look.body.find("user=viewer\nrole=viewer\naddress=127.0.0.1\n"), 0U) << name << "\n" << look.body;
  }
}

TEST_F(HttpAccess, S12_AForwardedAddressOfAnUnlistedProxyIsIgnored) {
  const Reply look = client().get("/test/look", with(admin(), "X-Forwarded-For", "192.0.2.7"));
  EXPECT_NE(look.body.find("address=127.0.0.1\n"), std::string::npos) << look.body;
}

TEST_F(HttpAccess, APluginSeesNoCredentials) {
  const std::string token = daemon().session().front().second.substr(11);
  const std::vector<Headers> kinds = {admin(),
                                      {{"Cookie", "auth_token=" + token}},
                                      {{"Authorization", "Bearer " + token}},
                                      {{"Gravwell-Token", token}},
                                      {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", daemon().password()}}};
  for (const Headers& credentials : kinds) {
    const Reply look = client().get("/test/look", with(credentials, "X-Other", "kept"));
    EXPECT_EQ(look.status, 200);
    EXPECT_NE(look.body.find("header X-Other=kept"), std::string::npos);
    EXPECT_EQ(look.body.find(token), std::string::npos) << look.body;
    EXPECT_EQ(look.body.find(daemon().password()), std::string::npos) << look.body;
    EXPECT_EQ(look.body.find(admin().front().second.substr(6)), std::string::npos) << look.body;
  }
}

TEST_F(HttpAccess, S11_ATokenInTheQueryIsIgnoredAndNotLogged) {
  const std::string token = daemon().session().front().second.substr(11);
  for (const std::string name : {"auth_token", "token", "access_token", "Authorization", "sid"}) {
    const Headers from = {{"Referer", "https://localhost/?" + name + "=" + token}, {"User-Agent", "query-" + name}};
    EXPECT_EQ(client().get("/api/auth/check?" + name + "=" + token, from).status, 401) << name;
    EXPECT_TRUE(daemon().process().wait_for_text("query-" + name));  // the access line has been written
  }
  EXPECT_EQ(daemon().process().output().find(token), std::string::npos);
}

TEST_F(HttpAccess, S41_AChangeWithACookieNeedsASameSiteProof) {
  const Headers session = daemon().session();
  const auto change = [](const Headers& headers) { return client().request("PUT", "/test/things/x", headers).status; };
  EXPECT_EQ(change(session), 204);
  EXPECT_EQ(change(with(session, "Origin", "https://localhost")), 204);
  EXPECT_EQ(change(with(session, "Sec-Fetch-Site", "same-origin")), 204);
  for (const std::string origin :
       {"https://evil.example", "null", "https://localhost.evil.example", "https://localhost:1", "localhost", ""}) {
    EXPECT_EQ(change(with(session, "Origin", origin)), 403) << origin;
  }
  EXPECT_EQ(change(with(session, "Sec-Fetch-Site", "cross-site")), 403);
  // Browsers send Basic by themselves too.
  EXPECT_EQ(change(with(admin(), "Origin", "https://evil.example")), 403);
  // They never send these by themselves.
  const std::string token = session.front().second.substr(11);
  EXPECT_EQ(change({{"Authorization", "Bearer " + token}, {"Origin", "https://evil.example"}}), 204);
  EXPECT_EQ(
      change({{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", daemon().password()}, {"Origin", "https://evil.example"}}),
      204);
  // Reading is the browser's own matter: no answer allows another origin.
  const Reply read = client().get("/test/look", with(session, "Origin", "https://evil.example"));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.header("Access-Control-Allow-Origin"), "");
}

// Otherwise its form logs a browser in as the attacker, who then reads what the owner types.
TEST_F(HttpAccess, S41_AForeignPageLogsNobodyInAtAnyDoor) {
  const std::string& password = daemon().password();
  const std::pair<const char*, std::string> logins[] = {{"/api/auth/login", "user=admin&passwd=" + password},
                                                        {"/api/auth", "username=admin&password=" + password},
                                                        {"/api/login", "User=admin&Pass=" + password}};
  for (const auto& [path, form] : logins) {
    SCOPED_TRACE(path);
    for (const Headers& foreign : {Headers{{"Origin", "https://evil.example"}}, Headers{{"Origin", "null"}},
                                   Headers{{"Sec-Fetch-Site", "cross-site"}}}) {
      const Reply refused = client().post_form(path, form, foreign);
      EXPECT_EQ(refused.status, 403) << foreign.front().second;
      EXPECT_EQ(refused.header("Set-Cookie"), "");
      EXPECT_EQ(refused.body.find("eyJ"), std::string::npos) << "a token: " << refused.body;
    }
    for (const Headers& own : {Headers{}, Headers{{"Origin", "https://localhost"}},
                               Headers{{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}}) {
      EXPECT_EQ(client().post_form(path, form, own).status, 200);
    }
  }
  EXPECT_EQ(client().post_form("/api/login/mfa", "", {{"Origin", "https://evil.example"}}).status, 403);
}

TEST_F(HttpAccess, S41_AForeignLogoutIsRefused) {
  const Headers session = daemon().session();
  EXPECT_EQ(client().request("POST", "/api/auth/logout", with(session, "Origin", "https://evil.example")).status, 403);
  EXPECT_EQ(client().get("/api/auth/check", session).status, 200);
}

}  // namespace
}  // namespace backplane::integration
