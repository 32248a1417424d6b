// /stream/logs and /api/getLogs of the real daemon, as clients of a DragonMint rely on them (dragonmint.md §2.1, §3.7).
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class LogsDragonmint : public LogsTest {
 protected:
  static std::string line(std::uint64_t time_us, const std::string& message) {
    return local_time(time_us, "%b %d %H:%M:%S") + " miner cgminer[231]: " + message + "\n";
  }
  static std::vector<WrittenEntry> pools() {
    return {said(0, "from the boot before"), said(1, "two\nlines"), said(2, "User: bob Password: swordfish")};
  }
  static std::string pool_lines() {
    const auto time = [](std::uint64_t second) { return support::kBeginUs + second * support::kSecondUs; };
    const std::string indent(line(0, "").size() - 1, ' ');
    return line(time(0), "from the boot before") + line(time(1), "two\n" + indent + "lines") +
           line(time(2), "User: bob Password: swordfish");
  }
  static Headers bearer(LogsDaemon& service) {
    const std::string cookie = service.daemon().session().front().second;
    return {{"Authorization", "Bearer " + cookie.substr(cookie.find('=') + 1)}};
  }
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsDragonmint, kHomes, home_name);

TEST_P(LogsDragonmint, TheStreamIsTheWholeJournalUnmaskedAndThenWhatComes) {
  LogsDaemon service(GetParam(), pools());
  for (const Headers& credentials : {service.as("admin"), bearer(service), service.daemon().session()}) {
    LogFollower follower(service.client(), kStreamForm, credentials);
    EXPECT_EQ(follower.answer().status, 200);
    EXPECT_EQ(follower.answer().header("Content-Type"), "text/plain");
    EXPECT_EQ(follower.answer().header("Transfer-Encoding"), "chunked");
    std::string backlog;
    for (int i = 0; i < 4; ++i) backlog += follower.next_entry().value_or("nothing") + "\n";
    EXPECT_EQ(backlog, pool_lines());
    const std::string news = "for " + credentials.front().first + credentials.front().second.substr(0, 6);
    service.files().write("system", {said(3, news)});
    EXPECT_EQ(follower.messages_until(news).back(), news);
  }
}

TEST_P(LogsDragonmint, TheStreamIsForAdministratorsAndRefusalsAreRealStatuses) {
  LogsDaemon service(GetParam(), pools());
  EXPECT_EQ(service.client().get("/stream/logs").status, 401);
  EXPECT_EQ(service.get("/stream/logs", "viewer").status, 403);
  EXPECT_EQ(service.get("/stream/logs", "operator").status, 403);
  EXPECT_EQ(service.client().get("/stream/logs", {{"Authorization", "Bearer nonsense"}}).status, 401);
  const Reply wrong =
      service.client().get("/stream/logs", {{"Authorization", support::basic("admin", "not the password")}});
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.header("WWW-Authenticate"), "");
  EXPECT_THAT(wrong.body, testing::Not(HasSubstr("swordfish")));
}

TEST_P(LogsDragonmint, AcceptChoosesTheForm) {
  LogsDaemon service(GetParam(), pools());
  const Headers last = {{"Range", "entries=:-1:1"}};
  const auto answer = [&](const std::string& accept) {
    return service.get("/stream/logs", "admin", with(last, "Accept", accept));
  };
  EXPECT_THAT(answer("application/json").body, StartsWith(R"({"__CURSOR":"s=)"));
  EXPECT_EQ(answer("application/json").header("Content-Type"), "application/json");
  EXPECT_THAT(answer("text/event-stream").body, StartsWith(R"(data: {"__CURSOR":"s=)"));
  EXPECT_THAT(answer("text/event-stream").body, testing::EndsWith("}\n\n"));
  EXPECT_EQ(answer("text/event-stream").header("Content-Type"), "text/event-stream");
  EXPECT_THAT(answer("application/vnd.fdo.journal").body, StartsWith("__CURSOR=s="));
  EXPECT_EQ(answer("application/vnd.fdo.journal").header("Content-Type"), "application/vnd.fdo.journal");
  for (const char* accept : {"*/*", "text/html", "text/plain", "nonsense;;q=;,"}) {
    EXPECT_EQ(answer(accept).header("Content-Type"), "text/plain") << accept;
    EXPECT_THAT(messages_of(answer(accept).body), ElementsAre("User: bob Password: swordfish")) << accept;
  }
}

TEST_P(LogsDragonmint, ARangeWithACountEndsTheStream) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 5));
  const auto messages = [&](const std::string& range) {
    return messages_of(service.get("/stream/logs", "admin", {{"Range", range}}).body);
  };
  EXPECT_THAT(messages("entries=:-2:2"), ElementsAre("message 3", "message 4"));
  EXPECT_THAT(messages("entries=:-4:2"), ElementsAre("message 1", "message 2"));
  EXPECT_THAT(messages("entries=:1:2"), ElementsAre("message 1", "message 2"));
  EXPECT_THAT(messages("entries=:2"), ElementsAre("message 0", "message 1"));
  EXPECT_EQ(service.get("/stream/logs", "admin", {{"Range", "entries=x:y:z"}}).status, 400);

  LogFollower waits(service.client(), kStreamForm, with(service.as("admin"), "Range", "entries=:-2:4"));
  EXPECT_EQ(waits.next_message(), "message 3");
  EXPECT_EQ(waits.next_message(), "message 4");
  service.files().write("system", support::said_in_turn(5, 3));
  EXPECT_EQ(waits.next_message(), "message 5");
  EXPECT_EQ(waits.next_message(), "message 6");
  EXPECT_TRUE(waits.ends());
}

TEST_P(LogsDragonmint, APostOfTheStreamIsRefusedInItsWords) {
  LogsDaemon service(GetParam(), pools());
  const Reply reply = service.client().request("POST", "/stream/logs", service.as("admin"));
  EXPECT_EQ(reply.status, 406);
  EXPECT_THAT(reply.header("Content-Type"), StartsWith("text/plain"));
  EXPECT_EQ(reply.body, "Unsupported method.\n");
  EXPECT_EQ(service.client().request("POST", "/stream/logs").status, 401);
}

TEST_P(LogsDragonmint, GetLogsIsTheWholeJournalAsAFileByGetAndPost) {
  LogsDaemon service(GetParam(), pools());
  for (const char* method : {"GET", "POST"}) {
    for (const Headers& credentials : {service.as("admin"), bearer(service)}) {
      const Reply reply = service.client().request(method, "/api/getLogs", credentials);
      EXPECT_EQ(reply.status, 200) << method;
      EXPECT_THAT(reply.header("Content-Disposition"), StartsWith("attachment"));
      EXPECT_EQ(reply.header("Content-Type"), "text/plain");
      EXPECT_EQ(reply.body, pool_lines()) << method;
    }
  }
}

TEST_P(LogsDragonmint, GetLogsIsRefusedInItsWay) {
  LogsDaemon service(GetParam(), pools());
  constexpr const char* kInvalid = R"({"success":false,"message":"invalid request"})";
  for (const char* method : {"GET", "POST"}) {
    for (const Headers& credentials : {Headers{}, service.as("viewer"), service.as("operator")}) {
      const Reply refused = service.client().request(method, "/api/getLogs", credentials);
      EXPECT_EQ(refused.status, 200) << method;
      EXPECT_EQ(refused.body, kInvalid) << method;
    }
    const Reply expired = service.client().request(method, "/api/getLogs", {{"Authorization", "Bearer nonsense"}});
    EXPECT_EQ(expired.status, 200);
    EXPECT_EQ(expired.body, R"({"success":false,"token":"expired"})");
  }
}

TEST_P(LogsDragonmint, GetLogsIsRefusedWithRealStatusesWhereTheOwnerWantsThem) {
  LogsDaemon service(GetParam(), pools(), "", "compat: { dragonmint: { http_status: standard } }\n");
  EXPECT_EQ(service.client().request("GET", "/api/getLogs").status, 401);
  const Reply refused = service.client().request("GET", "/api/getLogs", service.as("operator"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"success":false,"message":"invalid request"})");
}

}  // namespace
}  // namespace backplane::integration
