// What HTTP itself asks of the daemon: connections that stay or end, order, methods, forms of the target and of bodies.
#include <string>
#include <string_view>

#include "integration/http/suite.hpp"
#include "support/malformed_requests.hpp"

namespace backplane::integration {
namespace {

constexpr std::size_t kPipelined = 20;

class HttpProtocol : public HttpSuite {
 protected:
  static std::string check_request(const std::string& version, const std::string& more = {}) {
    return "GET /api/auth/check HTTP/" + version + "\r\nHost: localhost\r\n" + admin_line() + more + "\r\n";
  }
};

TEST_F(HttpProtocol, AConnectionServesRequestAfterRequest) {
  Client connection = client();
  for (int i = 0; i < 3; ++i) {
    const Reply reply = connection.get("/api/auth/check", admin());
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Connection"), "keep-alive");
  }
}

TEST_F(HttpProtocol, PipelinedRequestsAreAnsweredInOrder) {
  std::string requests;
  for (std::size_t i = 0; i < kPipelined; ++i) {
    // Every third goes to the host itself, which could overtake the plugin.
    const std::string target = i % 3 == 2 ? "/no/such/" + std::to_string(i) : "/test/look?n=" + std::to_string(i);
    requests += line("GET " + target + " HTTP/1.1") + admin_line() + "\r\n";
  }
  Client connection = client();
  connection.send(requests);
  for (std::size_t i = 0; i < kPipelined; ++i) {
    const Reply reply = connection.read_reply();
    if (i % 3 == 2) {
      EXPECT_EQ(reply.status, 404) << i;
    } else {
      EXPECT_NE(reply.body.find("query n=" + std::to_string(i) + "\n"), std::string::npos) << i << reply.body;
    }
  }
}

TEST_F(HttpProtocol, HTTP10EndsTheConnectionUnlessAskedOtherwise) {
  Client ends = client();
  ends.send(check_request("1.0"));
  const Reply last = ends.read_reply();
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.header("Connection"), "close");
  EXPECT_TRUE(ends.ended());

  Client stays = client();
  stays.send(check_request("1.0", "Connection: keep-alive\r\n"));
  EXPECT_EQ(stays.read_reply().header("Connection"), "keep-alive");
  stays.send(check_request("1.0"));
  EXPECT_EQ(stays.read_reply().status, 200);
}

TEST_F(HttpProtocol, ConnectionCloseEndsTheConnection) {
  Client connection = client();
  connection.send(check_request("1.1", "Connection: close\r\n") + check_request("1.1"));
  const Reply reply = connection.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpProtocol, HeadAnswersAsGetWithoutTheBody) {
  Client connection = client();
  const Reply get = connection.get("/api/auth/check", admin());
  const Reply head = connection.request("HEAD", "/api/auth/check", admin());
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(get.body.size()));
  EXPECT_EQ(head.header("Content-Type"), get.header("Content-Type"));
  // A body that came nevertheless would stand before the next answer.
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
  EXPECT_EQ(connection.request("HEAD", "/test/download?bytes=1000", admin()).status, 200);
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
}

TEST_F(HttpProtocol, OptionsSaysWhatIsAllowedWithoutALogin) {
  Client connection = client();
  const Reply login = connection.request("OPTIONS", "/api/auth/login");
  EXPECT_EQ(login.status, 204);
  EXPECT_EQ(login.header("Allow"), "OPTIONS, POST");
  EXPECT_EQ(connection.request("OPTIONS", "/api/v1/users").header("Allow"), "GET, HEAD, OPTIONS, POST");
}

TEST_F(HttpProtocol, UnknownPathsAndMethodsAreAnsweredAsTextBeforeALogin) {
  Client connection = client();
  const Reply unknown = connection.get("/api/no/such/route");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, "404: Not Found");
  EXPECT_EQ(unknown.header("Content-Type"), "text/plain; charset=utf-8");
  for (const std::string method : {"GET", "PROPFIND", "TRACE", "DELETE"}) {
    const Reply wrong = connection.request(method, "/api/auth/login");
    EXPECT_EQ(wrong.status, 405) << method;
    EXPECT_EQ(wrong.body, "405: Method Not Allowed") << method;
    EXPECT_EQ(wrong.header("Allow"), "OPTIONS, POST") << method;
  }
}

TEST_F(HttpProtocol, ATrailingOrDoubledSlashIsTheSameRoute) {
  Client connection = client();
  for (const std::string target :
       {"/api/auth/check/", "//api/auth/check", "/api//auth///check//", "/api/%61uth/check", "/api/auth/check/?x=1"}) {
    EXPECT_EQ(connection.get(target, admin()).status, 200) << target;
  }
}

TEST_F(HttpProtocol, S32_APathThatHidesAnotherIsRefused) {
  for (const std::string& target : support::ambiguous_paths()) {
    EXPECT_EQ(client().get(target, admin()).status, 400) << target;
  }
}

TEST_F(HttpProtocol, AnAbsoluteTargetIsServedWhereItNamesTheHost) {
  Client connection = client();
  EXPECT_EQ(connection.get("https://localhost/api/auth/check", admin()).status, 200);
}

TEST_F(HttpProtocol, AChunkedBodyIsReadAsAnyOther) {
  const std::string form = "user=admin&passwd=" + daemon().password();
  Client connection = client();
  connection.send(line("POST /api/auth/login HTTP/1.1") +
                  "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.send("5;name=\"value\"\r\n" + form.substr(0, 5) + "\r\n");
  char size[16];
  std::snprintf(size, sizeof size, "%zX", form.size() - 5);
  connection.send(std::string(size) + "\r\n" + form.substr(5) + "\r\n0\r\nX-Trailer: dropped\r\n\r\n");
  EXPECT_EQ(connection.read_reply().status, 200);
  EXPECT_EQ(connection.get("/login").status, 200);
}

TEST_F(HttpProtocol, ContinueIsSaidToThoseWhoMaySend) {
  Client connection = client();
  connection.send(line("POST /test/fields HTTP/1.1") + admin_line() +
                  "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
                  "\r\n");
  EXPECT_EQ(connection.read_some(), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("a=b");
  const Reply reply = connection.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "a 1\n");
}

TEST_F(HttpProtocol, S25_ContinueIsNeverSaidBeforeALogin) {
  Client connection = client();
  connection.send(line("POST /test/fields HTTP/1.1") + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  const std::string said = connection.read_some();
  EXPECT_TRUE(said.starts_with("HTTP/1.1 401 ")) << said;
}

TEST_F(HttpProtocol, AnAnswerGivenBeforeTheBodyHasComeIsRead) {
  const std::string body(200'000, 'b');
  Client connection = client();
  const Reply reply = connection.request("POST", "/test/early", admin(), body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "early");
  // What was left of the body is not the next request.
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
}

TEST_F(HttpProtocol, AnAnswerReachesAClientThatGoesOnSendingALongBody) {
  for (const int version : {0, 0x0303}) {  // TLS 1.3 and 1.2
    Client connection = Client::tls(daemon().port(), version);
    connection.send(line("POST /test/early HTTP/1.1") + admin_line() + "Content-Length: 15000000\r\n\r\n");
    const std::string piece(100'000, 'b');
    for (int i = 0; i < 3; ++i) connection.send(piece);
    const Reply reply = connection.read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "early");
  }
}

}  // namespace
}  // namespace backplane::integration
