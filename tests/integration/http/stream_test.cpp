// Bodies and answers that are streams: under credit, piece by piece, and ended where either side leaves or loses its
// session (S-13).
#include <cstdint>
#include <string>

#include "integration/http/suite.hpp"

namespace backplane::integration {
namespace {

constexpr std::size_t kUploadBytes = 5'000'000;
constexpr std::size_t kWindowBytes = 256 * 1024;

std::string alphabet(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

std::uint64_t fnv(const std::string& bytes) {
  std::uint64_t sum = 14695981039346656037ULL;
  for (const char c : bytes) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return sum;
}

class HttpStream : public HttpSuite {
 protected:
  // How the operation of that name ended; waits for its end.
  static std::string end_of(const std::string& name) { return client().get("/test/ends/" + name, admin()).body; }

  static void expect_uploaded(const Reply& reply, const std::string& body) {
    EXPECT_EQ(reply.status, 200) << reply.body;
    const std::string expected = "bytes=" + std::to_string(body.size()) + " sum=" + std::to_string(fnv(body));
    EXPECT_EQ(reply.body.substr(0, expected.size()), expected);
    const std::size_t held = reply.body.find("most_held=");
    ASSERT_NE(held, std::string::npos);
    // More than the window was never under way, however fast the client was.
    EXPECT_LE(std::stoul(reply.body.substr(held + 10)), kWindowBytes);
  }

  // A credential that needs no password check, during which a client that leaves has asked for nothing yet.
  static std::string session_line() { return "Cookie: " + daemon().session().front().second + "\r\n"; }

  // Reads until the connection ends; false where it does not.
  static bool read_to_end(Client& connection) {
    while (!connection.read_some().empty()) {
    }
    return connection.ended();
  }
};

TEST_F(HttpStream, ALongUploadComesWholeAndUnderCredit) {
  const std::string body = alphabet(kUploadBytes);
  Client connection = client();
  expect_uploaded(connection.request("POST", "/test/upload", admin(), body), body);
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
}

TEST_F(HttpStream, AChunkedUploadComesWholeAndUnderCredit) {
  const std::string body = alphabet(1'000'000);
  Client connection = client();
  connection.send(line("POST /test/upload HTTP/1.1") + admin_line() + "Transfer-Encoding: chunked\r\n\r\n");
  for (std::size_t at = 0; at < body.size(); at += 10'000) {
    connection.send("2710\r\n" + body.substr(at, 10'000) + "\r\n");
  }
  connection.send("0\r\n\r\n");
  expect_uploaded(connection.read_reply(), body);
}

TEST_F(HttpStream, S28_AnUploadThatEndsShortIsNeverTakenForWhole) {
  Client connection = client();
  connection.send(line("POST /test/upload?name=short HTTP/1.1") + session_line() + "Content-Length: 1000\r\n\r\nhalf");
  connection.close();
  EXPECT_EQ(end_of("short"), "CLIENT_GONE");
}

TEST_F(HttpStream, AnUploadOverTheRoutesLimitIsRefused) {
  Client connection = client();
  connection.send(line("POST /test/upload?name=large HTTP/1.1") + admin_line() + "Content-Length: 16777217\r\n\r\nx");
  EXPECT_EQ(connection.read_reply().status, 413);
  EXPECT_EQ(end_of("large"), "OVERRUN");
}

TEST_F(HttpStream, ADownloadComesWholeThroughABusyWindow) {
  constexpr std::size_t kBytes = 3'000'000;  // more than ten windows
  Client connection = client();
  const Reply reply = connection.get("/test/download?bytes=3000000&piece=10007", admin());
  EXPECT_EQ(reply.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(reply.header("Content-Length"), "");
  EXPECT_TRUE(reply.body == alphabet(kBytes)) << reply.body.size();
  EXPECT_EQ(connection.get("/api/auth/check", admin()).status, 200);
}

TEST_F(HttpStream, EachWriteIsAChunkOfItsOwn) {
  const Reply reply = client().get("/test/download?bytes=10&piece=3", admin());
  EXPECT_EQ(reply.chunks, (std::vector<std::string>{"abc", "def", "ghi", "j"}));
  EXPECT_EQ(client().get("/test/download?bytes=0", admin()).chunks, std::vector<std::string>());
}

TEST_F(HttpStream, HTTP10GetsAStreamThatEndsWithTheConnection) {
  Client connection = client();
  connection.send("GET /test/download?bytes=100000 HTTP/1.0\r\nConnection: keep-alive\r\n" + admin_line() + "\r\n");
  const Reply reply = connection.read_reply();
  EXPECT_EQ(reply.header("Transfer-Encoding"), "");
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(reply.body == alphabet(100'000)) << reply.body.size();
}

TEST_F(HttpStream, AStreamEndsWhenItsClientLeaves) {
  Client connection = client();
  connection.send(line("GET /test/download?name=left HTTP/1.1") + admin_line() + "\r\n");
  EXPECT_FALSE(connection.read_some().empty());
  connection.close();
  EXPECT_EQ(end_of("left"), "CLIENT_GONE");
}

TEST_F(HttpStream, AClientThatLeavesBehindWhatNobodyReadsIsNoticed) {
  Client connection = client();
  connection.send(line("GET /test/ends/never?name=behind HTTP/1.1") + session_line() + "\r\n" +
                  std::string(60'000, 'x'));
  connection.close();
  EXPECT_EQ(end_of("behind"), "CLIENT_GONE");
}

TEST_F(HttpStream, AClientThatLeavesRightBehindItsRequestIsNoticed) {
  Client connection = client();
  // Waits for what never happens, until its route's time is over.
  connection.send(line("GET /test/ends/never?name=at-once HTTP/1.1") + session_line() + "\r\n");
  connection.close();
  EXPECT_EQ(end_of("at-once"), "CLIENT_GONE");
}

TEST_F(HttpStream, AnUploadEndsDoneOnceItIsAnswered) {
  EXPECT_EQ(client().request("POST", "/test/upload?name=whole", admin(), "abc").status, 200);
  EXPECT_EQ(end_of("whole"), "DONE");
}

TEST_F(HttpStream, S13_ALogoutEndsAStreamThatTheSessionOpened) {
  const Headers session = daemon().session();
  Client stream = client();
  stream.send(line("GET /test/download?name=revoked HTTP/1.1") + "Cookie: " + session.front().second + "\r\n\r\n");
  EXPECT_FALSE(stream.read_some().empty());
  EXPECT_EQ(client().request("POST", "/api/auth/logout", session).status, 200);
  EXPECT_EQ(end_of("revoked"), "REVOKED");
  EXPECT_TRUE(read_to_end(stream));
}

TEST_F(HttpStream, S13_ALogoutLeavesTheStreamsOfOthers) {
  const Headers session = daemon().session();
  Client stream = client();
  stream.send(line("GET /test/download HTTP/1.1") + "Authorization: " + as("viewer").front().second + "\r\n\r\n");
  EXPECT_FALSE(stream.read_some().empty());
  EXPECT_EQ(client().request("POST", "/api/auth/logout", session).status, 200);
  std::size_t bytes = 0;
  while (bytes < 2 * kWindowBytes) {  // more than could have been under way
    const std::string more = stream.read_some();
    ASSERT_FALSE(more.empty());
    bytes += more.size();
  }
}

TEST_F(HttpStream, S24_PartsComeWithTheirNamesAndData) {
  const std::string body =
      "--b-1\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\nfirst\r\n"
      "--b-1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.bin\"\r\nContent-Type: "
      "application/x-test\r\n\r\nsecond\r\n--b-1--\r\n";
  const std::string expected = "part one '-' \ndata first\npart file 'a b.bin' application/x-test\ndata second\n";
  Headers headers = admin();
  headers.emplace_back("Content-Type", "multipart/form-data; boundary=b-1");
  Client connection = client();
  EXPECT_EQ(connection.request("POST", "/test/parts", headers, body).body, expected);

  // In many records, the parts are the same; only the data may come in pieces.
  connection.send(line("POST /test/parts HTTP/1.1") + admin_line() +
                  "Content-Type: multipart/form-data; boundary=b-1\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\n\r\n");
  for (const char byte : body) connection.send({&byte, 1});
  std::string joined = connection.read_reply().body;
  for (std::size_t at = 0; (at = joined.find("\ndata ", at)) != std::string::npos;) {
    const std::size_t line_start = joined.rfind('\n', at - 1) + 1;
    if (joined.compare(line_start, 5, "data ") == 0) {
      joined.erase(at, 6);
    } else {
      ++at;
    }
  }
  EXPECT_EQ(joined, expected);
}

TEST_F(HttpStream, S24_MalformedPartsAreRefused) {
  for (const std::string body : {"--b\r\nContent-Disposition form-data\r\n\r\nx\r\n--b--\r\n", "--b\r\n\r\nx",
                                 "nothing", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nx\r\n--b"}) {
    Headers headers = admin();
    headers.emplace_back("Content-Type", "multipart/form-data; boundary=b");
    EXPECT_EQ(client().request("POST", "/test/parts", headers, body).status, 400) << body;
  }
  EXPECT_EQ(client().request("POST", "/test/parts", admin(), "x").status, 400) << "no boundary";
}

}  // namespace
}  // namespace backplane::integration
