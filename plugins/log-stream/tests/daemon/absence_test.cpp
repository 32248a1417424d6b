// Where there is no journal the plugin says why, and shows the daemon's own log until there is one.
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

class LogsAbsence : public LogsTest {};
INSTANTIATE_TEST_SUITE_P(Homes, LogsAbsence, kHomes, home_name);

TEST_P(LogsAbsence, AnEmptyDirectoryIsReportedAndTheDaemonsOwnLogIsShown) {
  LogsDaemon service(GetParam());
  for (const char* target : {"/api/v1/plugins", "/api/v1/health"}) {
    const std::string report = service.get(target).body;
    EXPECT_THAT(report, HasSubstr(R"("state":"degraded")")) << target;
    EXPECT_THAT(report, HasSubstr("there are no journal files in " + service.files().path())) << target;
  }
  const std::string port = std::to_string(service.daemon().port());
  EXPECT_THAT(service.get("/api/v1/logs").body, HasSubstr("serving https://127.0.0.1:" + port));
  EXPECT_THAT(service.get("/api/v1/logs", "operator").body, HasSubstr("serving https://127.0.0.1:" + port));
  EXPECT_THAT(service.get("/api/log").body, HasSubstr(" backplaned.service] --- serving https://127.0.0.1:" + port));
  EXPECT_THAT(service.get("/api/getLogs").body, HasSubstr("serving https://127.0.0.1:" + port));
  EXPECT_THAT(messages_of(service.get("/api/v1/logs?format=json&grep=serving+https").body),
              testing::ElementsAre("serving https://127.0.0.1:" + port));
  EXPECT_EQ(service.get("/api/v1/logs/boots").status, 503);
  EXPECT_EQ(service.get("/api/v1/logs/fields/MESSAGE").status, 503);
}

TEST_P(LogsAbsence, TheDaemonsOwnLogIsFollowedInEveryForm) {
  LogsDaemon service(GetParam());
  std::vector<std::unique_ptr<LogFollower>> followers;
  for (const LogForm& form : kSharedForms) {
    followers.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("admin")));
    ASSERT_LT(followers.back()->answer().status, 300) << form.name;
  }
  LogFollower filtered(service.client(), kTextForm, service.as("admin"), "&level=7");
  EXPECT_EQ(service.get("/api/v1/the-mark").status, 404);
  followers.push_back(std::make_unique<LogFollower>(std::move(filtered)));
  for (const auto& follower : followers) {
    std::optional<std::string> message;
    do {
      message = follower->next_message();
      ASSERT_TRUE(message);
    } while (message->find("/api/v1/the-mark") == std::string::npos);
  }
}

TEST_P(LogsAbsence, AJournalThatComesLaterTakesOver) {
  if (GetParam() == std::string("thread")) GTEST_SKIP() << "it is looked for every ten seconds: once is enough";
  LogsDaemon service(GetParam());
  LogFollower follower(service.client(), kTextForm, service.as("admin"), "&level=7");
  service.files().write("system", support::said_in_turn(0, 2));
  EXPECT_TRUE(follower.ends()) << "what it read is no longer what is shown";
  EXPECT_THAT(messages_of(service.get("/api/v1/logs").body), testing::ElementsAre("message 0", "message 1"));
  EXPECT_THAT(service.get("/api/v1/plugins").body, Not(HasSubstr("degraded")));
}

TEST(LogsWithoutDirectory, ItIsReportedInBothHomes) {
  for (const char* home : {"thread", "process"}) {
    Daemon daemon({.plugins = std::string("{ log-stream: { isolation: ") + home +
                              ", config: { directory: /nowhere/of/that/name } } }"});
    const std::string report = daemon.client().get("/api/v1/plugins", daemon.as_admin()).body;
    EXPECT_THAT(report, HasSubstr(R"("state":"degraded")")) << home;
    EXPECT_THAT(report, HasSubstr("there is no journal: /nowhere/of/that/name does not exist")) << home;
    EXPECT_THAT(daemon.client().get("/api/v1/logs", daemon.as_admin()).body, HasSubstr("serving https://")) << home;
  }
}

}  // namespace
}  // namespace backplane::integration
