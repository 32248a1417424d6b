// TLS as clients meet it, the plain listener beside it, and listeners that redirect or serve some paths only.
#include <openssl/ssl.h>

#include <stdexcept>
#include <string>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

class HttpTls : public HttpSuite {};

TEST_F(HttpTls, S17_VersionsBefore12AreRefused) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    EXPECT_THROW(Client::tls(daemon().port(), version), std::runtime_error) << version;
  }
}

TEST_F(HttpTls, S17_Version12And13AreSpoken) {
  Client older = Client::tls(daemon().port(), TLS1_2_VERSION);
  EXPECT_EQ(older.tls_version(), "TLSv1.2");
  EXPECT_EQ(older.get("/login").status, 200);
  Client newer = Client::tls(daemon().port());
  EXPECT_EQ(newer.tls_version(), "TLSv1.3");
  EXPECT_EQ(newer.get("/login").status, 200);
}

TEST_F(HttpTls, AReturningClientIsSparedTheFullHandshake) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client first = Client::tls(daemon().port(), version);
    EXPECT_EQ(first.get("/login").status, 200);
    EXPECT_FALSE(first.session_reused());
    Client second = Client::tls_resuming(daemon().port(), first);
    EXPECT_TRUE(second.session_reused()) << version;
    EXPECT_EQ(second.get("/login").status, 200);
  }
}

TEST_F(HttpTls, PlainHttpOnATlsPortIsNotAnswered) {
  Client connection = Client::tcp(daemon().port());
  connection.send("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(connection.read_reply().status, 0);
  EXPECT_EQ(client().get("/login").status, 200);
}

TEST_F(HttpTls, TheCookieIsSecureOnTlsAndNotOnPlainHttp) {
  const std::string form = "user=admin&passwd=" + daemon().password();
  const std::string over_tls = client().post_form("/api/auth/login", form).header("Set-Cookie");
  EXPECT_NE(over_tls.find("; Secure"), std::string::npos);
  Client plain = Client::tcp(daemon().plain_port());
  const Reply login = plain.post_form("/api/auth/login", form);
  EXPECT_EQ(login.status, 200);
  EXPECT_EQ(login.header("Set-Cookie").find("Secure"), std::string::npos);  // else the browser would drop it
  EXPECT_EQ(plain.get("/api/auth/check", {{"Cookie", login.cookie()}}).status, 200);
}

TEST_F(HttpTls, S19_LoopbackGivesNoRights) {
  EXPECT_EQ(Client::tcp(daemon().plain_port()).get("/api/auth/check").status, 401);
  EXPECT_EQ(Client::tcp(daemon().plain_port()).get("/api/v1/users").status, 401);
}

class HttpListeners : public HttpSuite {
 protected:
  static void SetUpTestSuite() {
    redirect_port_ = support::free_port();
    limited_port_ = support::free_port();
    Daemon::Options with = options();
    with.listen = "  - { address: \"127.0.0.1\", port: " + std::to_string(redirect_port_) +
                  ", redirect: https }\n"
                  "  - { address: \"127.0.0.1\", port: " +
                  std::to_string(limited_port_) + ", tls: false, paths: [/api/auth] }\n";
    start(with);
  }

  inline static std::uint16_t redirect_port_ = 0;
  inline static std::uint16_t limited_port_ = 0;
};

TEST_F(HttpListeners, ARedirectKeepsMethodPathAndQuery) {
  const std::string https = "https://kvm.local:" + std::to_string(daemon().port());
  Client connection = Client::tcp(redirect_port_);
  for (const std::string method : {"GET", "POST"}) {
    const Reply reply = connection.request(method, "/api/info?fields=hw,%20fan&x=//y", {{"Host", "kvm.local:80"}});
    EXPECT_EQ(reply.status, 308);
    EXPECT_EQ(reply.header("Location"), https + "/api/info?fields=hw,%20fan&x=//y");
  }
  EXPECT_EQ(connection.get("/", {{"Host", "kvm.local"}}).header("Location"), https + "/");
  const std::string v6 = connection.get("/", {{"Host", "[::1]:80"}}).header("Location");
  EXPECT_EQ(v6, "https://[::1]:" + std::to_string(daemon().port()) + "/");
}

TEST_F(HttpListeners, ARedirectServesNothingItself) {
  Client connection = Client::tcp(redirect_port_);
  const Reply reply = connection.get("/api/auth/check", admin());
  EXPECT_EQ(reply.status, 308);
  EXPECT_EQ(reply.header("Set-Cookie"), "");
}

TEST_F(HttpListeners, AListenerWithPathsServesOnlyThose) {
  Client connection = Client::tcp(limited_port_);
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
  EXPECT_EQ(connection.get("//api//auth/check/", admin()).status, 200);
  for (const std::string target : {"/", "/login", "/api/v1/users", "/api/authority", "/api/info", "/test/look"}) {
    EXPECT_EQ(connection.get(target, admin()).status, 404) << target;
  }
}

}  // namespace
}  // namespace backplane::integration
