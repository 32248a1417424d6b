// The WebSocket /api/v1/logs/live of the real daemon: how it begins, what it sends, who may open it, and that every
// follower ends with its session (S-06, S-13).
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using support::WebSocketClient;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kLive = "/api/v1/logs/live";

class LogsLive : public LogsTest {
 protected:
  static LogForm live(const std::string& query) {
    static std::set<std::string> targets;  // a form holds no text of its own
    return {"live", targets.insert(kLive + query).first->c_str(), "*/*", ""};
  }
  static WebSocketClient open(LogsDaemon& service, const Headers& headers) {
    return {service.client(), kLive, headers};
  }
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsLive, kHomes, home_name);

TEST_P(LogsLive, ItBeginsWithTheLinesThatAreAskedForAndGoesOn) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 5));
  LogFollower json(service.client(), live("?lines=2"), service.as("operator"));
  EXPECT_EQ(json.answer().status, 101);
  EXPECT_THAT(json.next_entry().value_or(""), StartsWith(R"({"__CURSOR":)"));
  EXPECT_EQ(json.next_message(), "message 4");
  LogFollower text(service.client(), live("?lines=1&format=text"), service.as("operator"));
  EXPECT_THAT(text.next_entry().value_or(""), HasSubstr(" miner cgminer[231]: message 4"));
  LogFollower filtered(service.client(), live("?lines=9&grep=%5B37%5D"), service.as("operator"));
  EXPECT_EQ(filtered.next_message(), "message 3");

  service.files().write("system", support::said_in_turn(5, 3));
  EXPECT_EQ(json.next_message(), "message 5");
  EXPECT_EQ(text.next_message(), "message 5");
  EXPECT_EQ(filtered.next_message(), "message 7");
}

TEST_P(LogsLive, WithoutLinesItBeginsWithWhatComes) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 3));
  LogFollower follower(service.client(), live(""), service.as("operator"));
  ASSERT_EQ(follower.answer().status, 101);
  service.files().write("system", {written(now_us() + 60 * support::kSecondUs, "a.service", "news")});
  EXPECT_EQ(follower.next_message(), "news");
}

TEST_P(LogsLive, WrongParametersAreRefusedBeforeTheUpgrade) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 3));
  for (const std::string name : {"lines=-1", "lines=10001", "lines=many", "format=events"}) {
    const WebSocketClient refused(service.client(), kLive + ("?" + name), service.as("operator"));
    SCOPED_TRACE(name);
    expect_problem(refused.answer(), name.substr(0, name.find('=')));
  }
}

TEST_P(LogsLive, S06_AForeignOriginIsRefusedWithTheCookie) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 1));
  const Headers session = service.daemon().session();
  EXPECT_EQ(open(service, {}).answer().status, 401);
  EXPECT_EQ(open(service, service.as("viewer")).answer().status, 403);
  EXPECT_EQ(open(service, with(session, "Origin", "https://localhost")).answer().status, 101);
  EXPECT_EQ(open(service, with(session, "Origin", "https://evil.example")).answer().status, 403);
  EXPECT_EQ(open(service, with(session, "Sec-Fetch-Site", "cross-site")).answer().status, 403);
}

TEST_P(LogsLive, S13_EveryFollowerEndsWithItsSessionAndOthersGoOn) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 1));
  ASSERT_EQ(support::add_user(service.daemon(), "bob", "operator", "bobs-password"), 201);
  const Headers session = support::session_of(service.daemon(), "bob", "bobs-password");
  LogFollower stays(service.client(), kTextForm, service.as("admin"));
  LogFollower shared(service.client(), kJsonForm, session);
  LogFollower filtered(service.client(), kTextForm, session, "&level=7");
  LogFollower kvmd(service.client(), kKvmdForm, session);
  LogFollower socket(service.client(), kSocketForm, session);
  LogFollower filtered_socket(service.client(), live("?lines=1&level=7"), session);
  for (LogFollower* follower : {&stays, &shared, &filtered, &socket, &filtered_socket}) {
    EXPECT_EQ(follower->next_message(), "message 0");
  }
  EXPECT_EQ(service.client().request("POST", "/api/auth/logout", session).status, 200);
  EXPECT_TRUE(shared.ends());
  EXPECT_TRUE(filtered.ends());
  EXPECT_TRUE(kvmd.ends());
  EXPECT_EQ(socket.closed_with(), 1008U);
  EXPECT_EQ(filtered_socket.closed_with(), 1008U);
  service.files().write("system", support::said_in_turn(1, 1));
  EXPECT_EQ(stays.next_message(), "message 1");
}

}  // namespace
}  // namespace backplane::integration
