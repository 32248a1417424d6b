// How much a client may send before and after a login (S-25), and that a crowd of silent clients locks nobody out.
#include <string>
#include <vector>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

constexpr std::size_t kIdleConnections = 500;
constexpr const char* kForm = "Content-Type: application/x-www-form-urlencoded\r\n";

class HttpBody : public HttpSuite {
 protected:
  static std::string login_form(std::size_t size) {
    std::string form = "user=admin&passwd=" + daemon().password() + "&more=";
    return form + std::string(size - form.size(), 'm');
  }
};

TEST_F(HttpBody, S25_ALoginOf4KiBIsReadAndOneByteMoreIsNot) {
  EXPECT_EQ(client().post_form("/api/auth/login", login_form(4096)).status, 200);
  Client connection = client();
  const Reply refused = connection.post_form("/api/auth/login", login_form(4097));
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.header("Connection"), "close");
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, S25_ALoginThatAnnouncesTooMuchIsRefusedBeforeItIsSent) {
  Client connection = client();
  connection.send(line("POST /api/auth/login HTTP/1.1") + kForm + "Content-Length: 18446744073709551615\r\n\r\n");
  EXPECT_EQ(connection.read_reply().status, 413);
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, S25_AChunkedLoginOver4KiBIsRefused) {
  Client connection = client();
  const std::string head = line("POST /api/auth/login HTTP/1.1") + kForm + "Transfer-Encoding: chunked\r\n\r\n";
  connection.send(head + "800\r\n" + std::string(2048, 'x') + "\r\n801\r\n");
  EXPECT_EQ(connection.read_reply().status, 413);
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, S25_AnUploadWithoutALoginIsRefusedFromItsHead) {
  Client connection = client();
  connection.send(line("POST /test/upload HTTP/1.1") + "Content-Length: 10000000\r\n\r\n");
  EXPECT_EQ(connection.read_reply().status, 401);
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, AfterALoginARouteTakesUpToItsOwnLimit) {
  Headers headers = admin();
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  const std::string body = "value=" + std::string(65536 - 6, 'v');
  Client connection = client();
  const Reply reply = connection.request("POST", "/test/fields", headers, body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "value 65530\n");
  const Reply refused = connection.request("POST", "/test/fields", headers, body + "v");
  EXPECT_EQ(refused.status, 413);
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, ARouteWithoutABodyTakesNoLongOne) {
  Client connection = client();
  EXPECT_EQ(connection.request("POST", "/api/auth/logout", admin(), std::string(5000, 'x')).status, 413);
  EXPECT_TRUE(connection.ended());
}

TEST_F(HttpBody, FieldsComeFromFormsPartsAndJson) {
  const std::string parts =
      "--b\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\n12345\r\n"
      "--b\r\nContent-Disposition: form-data; name=\"two\"\r\n\r\n\r\n--b--\r\n";
  const auto post = [](const std::string& type, const std::string& body) {
    Headers headers = admin();
    headers.emplace_back("Content-Type", type);
    return client().request("POST", "/test/fields", headers, body).body;
  };
  EXPECT_EQ(post("application/x-www-form-urlencoded", "one=12345&two="), "one 5\ntwo 0\n");
  EXPECT_EQ(post("multipart/form-data; boundary=b", parts), "one 5\ntwo 0\n");
  EXPECT_EQ(post("application/json", R"({"one":"12345","two":""})"), "one 5\ntwo 0\n");
}

TEST_F(HttpBody, S25_FiveHundredIdleConnectionsLeaveALoginPossible) {
  std::vector<Client> idle;
  for (std::size_t i = 0; i < kIdleConnections; ++i) {
    idle.push_back(client());
    // Half of them have begun a head that never ends.
    if (i % 2 == 0) {
      ASSERT_TRUE(idle.back().send("GET /api/auth/check HT"));
    }
  }
  EXPECT_EQ(client().post_form("/api/auth/login", login_form(100)).status, 200);
  EXPECT_EQ(client().get("/api/auth/check", admin()).status, 200);
}

}  // namespace
}  // namespace backplane::integration
