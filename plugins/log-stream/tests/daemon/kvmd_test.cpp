// GET /api/log of the real daemon, as clients of PiKVM rely on it (pikvm.md §6).
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LogsKvmd : public LogsTest {
 protected:
  static std::string line(std::uint64_t time_us, const std::string& rest) {
    return "[" + local_time(time_us, "%Y-%m-%d %H:%M:%S") + " " + rest + "\r\n";
  }
  static std::string kvmd_error(const std::string& name, const std::string& text) {
    return "{\n    \"ok\": false,\n    \"result\": {\n        \"error\": \"" + name + "\",\n        \"error_msg\": \"" +
           text + "\"\n    }\n}";
  }

  static constexpr std::uint64_t kMinuteUs = 60 * support::kSecondUs;
  const std::uint64_t now_ = now_us();
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsKvmd, kHomes, home_name);

TEST_P(LogsKvmd, TheLinesOfItsUnitsInThisBootComeExactlyEachInAChunkOfItsOwn) {
  WrittenEntry before = said(0, "from the boot before");
  before.begin_us = now_ - 300 * kMinuteUs;
  LogsDaemon service(GetParam(), {before, written(now_ - 180 * kMinuteUs, "kvmd.service", "old entry 3h"),
                                  written(now_ - 90 * kMinuteUs, "ssh.service", "another unit"),
                                  written(now_ - 30 * kMinuteUs, "kvmd-nginx.service", "[error] nginx\nsecond line"),
                                  written(now_ - 20 * kMinuteUs, "cgminer.service", "trailing blanks \t \n"),
                                  written(now_ - kMinuteUs, "kvmdish.service", "no kin of kvmd"),
                                  written(now_ - kMinuteUs, "backplaned.service", "gr\xc3\xbc\xc3\x9f dich")});
  const Reply reply = service.get("/api/log");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), "text/plain");
  EXPECT_EQ(reply.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(reply.header("Content-Length"), "");
  const std::string old = line(now_ - 180 * kMinuteUs, "kvmd.service] --- old entry 3h");
  const std::string nginx = line(now_ - 30 * kMinuteUs, "kvmd-nginx.service] --- [error] nginx\nsecond line");
  const std::string miner = line(now_ - 20 * kMinuteUs, "cgminer.service] --- trailing blanks");
  const std::string own = line(now_ - kMinuteUs, "backplaned.service] --- gr\xc3\xbc\xc3\x9f dich");
  EXPECT_THAT(reply.chunks, ElementsAre(old, nginx, miner, own));

  EXPECT_THAT(service.get("/api/log?seek=0").chunks, ElementsAre(old, nginx, miner, own));
  EXPECT_THAT(service.get("/api/log?seek=3600").chunks, ElementsAre(nginx, miner, own));
  EXPECT_THAT(service.get("/api/log?seek=%20120%20&follow=0").chunks, ElementsAre(own));
  EXPECT_THAT(service.get("/api/log?seek=120&seek=0").chunks, ElementsAre(own)) << "the first counts";
  EXPECT_EQ(service.get("/api/log?seek=99999999999999").chunks.size(), 4U);
  EXPECT_EQ(service.get("/api/log", "operator").body, reply.body) << "there is nothing to mask in it";

  const Reply empty = service.get("/api/log?seek=1");
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.header("Content-Type"), "text/plain");
  EXPECT_EQ(empty.body, "");
}

TEST_P(LogsKvmd, AWrongParameterIsRefusedBeforeTheStreamInKvmdsWords) {
  LogsDaemon service(GetParam(), {written(now_, "kvmd.service", "entry")});
  const std::pair<std::string, std::string> cases[] = {
      {"seek=abc", "The argument 'abc' is not a valid log seek"},
      {"seek=1.5", "The argument '1.5' is not a valid log seek"},
      {"seek=-1", "The argument '-1' must be log seek and greater or equial than 0"},
      {"seek=", "None argument is not a valid log seek"},
      {"follow=zz", "The argument 'zz' is not a valid bool (['1', 'true', 'yes'] or ['0', 'false', 'no'])"},
      {"seek=abc&follow=1", "The argument 'abc' is not a valid log seek"},
  };
  for (const auto& [query, text] : cases) {
    const Reply reply = service.get("/api/log?" + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_EQ(reply.header("Content-Type"), "application/json; charset=utf-8") << query;
    EXPECT_EQ(reply.body, kvmd_error("ValidatorError", text)) << query;
  }
}

TEST_P(LogsKvmd, SwitchedOffItSaysSoAsKvmdDoes) {
  LogsDaemon service(GetParam(), {written(now_, "kvmd.service", "entry")}, ", kvmd_enabled: false");
  for (const char* target : {"/api/log", "/api/log?follow=1", "/api/log?seek=abc"}) {
    const Reply reply = service.get(target);
    EXPECT_EQ(reply.status, 400) << target;
    EXPECT_EQ(reply.body, kvmd_error("LogReaderDisabledError", "LogReader is disabled")) << target;
  }
  EXPECT_THAT(service.get("/api/v1/logs").body, HasSubstr("entry")) << "of the others nothing is switched off";
}

TEST_P(LogsKvmd, TheUnitsAreThoseOfTheConfiguration) {
  LogsDaemon service(GetParam(),
                     {written(now_, "kvmd.service", "not wanted"), written(now_, "my-miner.service", "wanted")},
                     ", kvmd_units: [my-*.service]");
  EXPECT_THAT(service.get("/api/log").chunks, ElementsAre(line(now_, "my-miner.service] --- wanted")));
}

TEST_P(LogsKvmd, WhoMayNotReadItIsRefusedAndAHeadEnds) {
  LogsDaemon service(GetParam(), {written(now_, "kvmd.service", "entry")});
  EXPECT_EQ(service.client().get("/api/log").status, 401);
  EXPECT_EQ(service.get("/api/log", "viewer").status, 403);
  EXPECT_EQ(service.get("/api/log", "operator").status, 200);

  Client connection = service.client();
  for (const char* target : {"/api/log", "/api/log?follow=1", "/stream/logs", "/api/v1/logs?follow", "/api/getLogs"}) {
    const Reply head = connection.request("HEAD", target, service.as("admin"));
    EXPECT_EQ(head.status, 200) << target;
    EXPECT_EQ(head.header("Content-Type"), "text/plain") << target;
  }
  EXPECT_THAT(connection.get("/api/log", service.as("admin")).body, HasSubstr("entry")) << "the connection goes on";
}

TEST_P(LogsKvmd, AFollowerGetsTheBacklogAndThenWhatItsUnitsWriteInChunksOfTheirOwn) {
  LogsDaemon service(GetParam(), {written(now_ - kMinuteUs, "kvmd.service", "before")});
  LogFollower follower(service.client(), kKvmdForm, service.as("operator"));
  EXPECT_EQ(follower.answer().status, 200);
  EXPECT_EQ(follower.answer().header("Content-Type"), "text/plain");
  EXPECT_EQ(follower.next_entry().value_or("") + "\r\n", line(now_ - kMinuteUs, "kvmd.service] --- before"));
  service.files().write("system",
                        {written(now_, "ssh.service", "another unit"), written(now_, "kvmd.service", "a\nb")});
  EXPECT_EQ(follower.next_chunk().value_or(""), line(now_, "kvmd.service] --- a\nb"));
}

}  // namespace
}  // namespace backplane::integration
