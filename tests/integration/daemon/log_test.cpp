// The log: one line for each request, with who and from where, and never a secret (S-37).
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class Log : public ::testing::Test {
 protected:
  // The log once `text` is in it.
  std::string log_with(const std::string& text) {
    EXPECT_TRUE(daemon_.process().wait_for_text(text)) << daemon_.process().output();
    return daemon_.process().output();
  }

  Daemon daemon_{{.plugins = "{ kvm-info: {} }", .extra = "log: { level: debug }\n"}};
};

TEST_F(Log, one_line_for_each_request_names_who_came_how_from_where_and_what_was_answered) {
  Client client = daemon_.client();
  const Headers session = daemon_.session();
  const std::string token = session.front().second.substr(session.front().second.find('=') + 1);
  client.get("/api/info", daemon_.as_admin());
  client.get("/api/info", session);
  client.get("/api/info", {{"Authorization", "Bearer " + token}});
  client.get("/api/info", {{"X-KVMD-User", "admin"}, {"X-KVMD-Passwd", daemon_.password()}});
  client.get("/api/info");
  client.get("/no/such/path", {{"User-Agent", "a-browser/1"}, {"Referer", "https://example.test/page?secret=1"}});
  Client::unix_socket(daemon_.unix_path()).get("/api/auth/check");
  const std::string log = log_with("[admin (unix) / -] 'GET /api/auth/check HTTP/1.1' => 200;");
  for (const char* who : {"admin (basic)", "admin (token)", "admin (bearer)", "admin (xhdr)"}) {
    EXPECT_EQ(count_of(log, "[" + std::string(who) + " / 127.0.0.1] 'GET /api/info HTTP/1.1' => 200; size="), 1u)
        << who << "\n"
        << log;
  }
  EXPECT_EQ(count_of(log, "[- / 127.0.0.1] 'GET /api/info HTTP/1.1' => 401; size="), 1u) << log;
  EXPECT_EQ(count_of(log, "'GET /no/such/path HTTP/1.1' => 404; "), 1u) << log;
  EXPECT_NE(log.find("referer='https://example.test/page'; user_agent='a-browser/1'"), std::string::npos) << log;
  EXPECT_EQ(count_of(log, "[- / 127.0.0.1] 'POST /api/auth/login HTTP/1.1' => 200;"), 1u) << log;
  EXPECT_EQ(count_of(log, " => "), 8u) << log;
}

TEST_F(Log, S37_no_credential_of_any_kind_is_in_it) {
  const std::string secret = "very secret horse";
  ASSERT_EQ(add_user(daemon_, "eve", "operator", secret), 201);
  const Headers session = session_of(daemon_, "eve", "very+secret+horse");
  const std::string token = session.front().second.substr(session.front().second.find('=') + 1);
  ASSERT_EQ(token.size(), 64u);
  const std::string wrong(64, 'e');
  const std::string encoded = basic("eve", secret).substr(6);
  {
    Client client = daemon_.client();
    const std::string json = R"({"password":"wrong secret horse"})";
    client.get("/api/auth/check", {{"Authorization", basic("eve", secret)}});
    client.get("/api/auth/check", {{"Authorization", basic("eve", "wrong secret horse")}});
    client.get("/api/auth/check", {{"X-KVMD-User", "eve"}, {"X-KVMD-Passwd", secret}});
    client.get("/api/auth/check", {{"X-KVMD-User", "eve"}, {"X-KVMD-Passwd", "wrong secret horse"}});
    client.get("/api/auth/check", {{"Authorization", "Bearer " + token}});
    client.get("/api/auth/check", {{"Authorization", "Bearer " + wrong}});
    client.get("/api/auth/check", {{"Gravwell-Token", token}});
    client.get("/api/auth/check", session);
    client.get("/api/auth/check", {{"Cookie", "auth_token=" + wrong}});
    client.get("/api/auth/check", {{"Cookie", "auth_token=not a token, eeeeeeee"}});
    client.get("/api/auth/check?token=" + token + "&auth_token=" + token + "&passwd=very%20secret%20horse");
    client.get("/login?" + token, {{"Referer", "https://localhost/?token=" + token}});
    client.post_form("/api/auth/login", "user=eve&passwd=wrong+secret+horse");
    client.request("PUT", "/api/v1/users/eve/password", session, json);
    client.request("PUT", "/api/v1/users/nobody-here/password", daemon_.as_admin(), json);
    client.get("/api/auth/check", {{"Sec-WebSocket-Protocol", token}, {"Upgrade", "websocket"}});
    client.request("POST", "/api/auth/logout", session);
    client.send("GET / HTTP/1.1\r\nAuthorization: " + basic("eve", secret) + "\r\nCookie: auth_token=" + token +
                "\r\n bad: fold\r\n\r\n");
    client.read_reply();
  }
  ASSERT_TRUE(reload(daemon_, "the configuration was reloaded"));
  ASSERT_EQ(daemon_.stop(), 0);
  const std::string log = log_with("stopped");
  const std::string logged = replaced(log, daemon_.password(), "");  // the first start shows it, once
  EXPECT_EQ(logged.find(daemon_.password()), std::string::npos);
  for (const std::string& never :
       {secret, std::string("secret horse"), std::string("secret+horse"), std::string("secret%20horse"), token, wrong,
        encoded, std::string("eeeeeeee"), std::string("$argon2"), basic("admin", daemon_.password()).substr(6)}) {
    EXPECT_EQ(logged.find(never), std::string::npos) << never << "\n" << logged;
  }
}

TEST_F(Log, a_reader_that_stops_stops_neither_the_daemon_nor_its_end) {
  constexpr int kRequests = 3'000;
  constexpr int kRequestsOfAFullPipe = 200;
  Headers headers = daemon_.session();
  headers.emplace_back("User-Agent", std::string(500, 'a'));  // a pipe has 64 KiB, and the log's queue 512
  const auto answers = [&](int requests) {
    Client client = daemon_.client();
    for (int i = 0; i < requests; ++i) {
      if (client.get("/api/auth/check", headers).status != 200) return i;
    }
    return requests;
  };
  daemon_.process().read_output(false);
  ASSERT_EQ(answers(kRequests), kRequests);
  daemon_.process().read_output(true);
  log_with(" lines of the log were dropped: ");
  EXPECT_EQ(answers(1), 1);
  daemon_.process().read_output(false);
  ASSERT_EQ(answers(kRequestsOfAFullPipe), kRequestsOfAFullPipe);
  EXPECT_EQ(daemon_.stop(), 0);
}

TEST_F(Log, a_strangers_identical_lines_are_folded) {
  constexpr std::uint64_t kRequests = 500;
  Client client = daemon_.client();
  for (std::uint64_t i = 0; i < kRequests; ++i) ASSERT_EQ(client.get("/no/such/path").status, 404);
  // Lines that stand there, and those that are told in " (and N more)".
  std::uint64_t lines = 0;
  const auto all_are_told = [&](const std::string& log) {
    lines = 0;
    std::uint64_t more = 0;
    for (std::size_t at = log.find("/no/such/path"); at != std::string::npos; at = log.find("/no/such/path", at + 1)) {
      const std::string line = log.substr(at, log.find('\n', at) - at);
      const std::size_t told = line.find(" (and ");
      if (told == std::string::npos) {
        ++lines;
      } else {
        more += std::stoull(line.substr(told + 6));
      }
    }
    return lines + more == kRequests;
  };
  EXPECT_TRUE(daemon_.process().wait_for_output(all_are_told)) << daemon_.process().output();
  EXPECT_LT(lines, kRequests / 2);
}

TEST_F(Log, S31_what_a_terminal_would_not_show_as_it_is_and_quotes_are_escaped) {
  daemon_.client().get("/x'y", {{"User-Agent",
                                 "a\xc2\x9b"
                                 "2J \xff\xe2\x80\xae'; user_agent='b"},
                                {"Referer", "https://h\xc3\xb6st.test/'"}});
  const std::string log = log_with("'GET /x\\x27y HTTP/1.1' => 404;");
  EXPECT_NE(log.find(R"(user_agent='a\u009b2J \xff\u202e\x27; user_agent=\x27b')"), std::string::npos) << log;
  EXPECT_NE(log.find("referer='https://h\xc3\xb6st.test/\\x27';"), std::string::npos) << log;
}

TEST_F(Log, control_characters_of_a_client_cannot_forge_a_line) {
  daemon_.client().get("/x%0d%0aforged", {{"User-Agent", "a\tb\xc2\x9b"}});
  const std::string log = log_with("'GET /x%0d%0aforged ");
  EXPECT_EQ(log.find("\nforged"), std::string::npos);
  EXPECT_EQ(log.find("a\tb"), std::string::npos) << log;
}

}  // namespace
}  // namespace backplane::support
