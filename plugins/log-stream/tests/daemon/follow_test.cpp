// Many clients that follow at once: every line to each of them, in order, none twice, and bounds where each costs.
#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAreArray;

std::vector<std::string> numbered(std::uint64_t first, std::uint64_t end) {
  std::vector<std::string> messages;
  for (std::uint64_t i = first; i < end; ++i) messages.push_back("message " + std::to_string(i));
  return messages;
}

class LogsFollow : public LogsTest {};
INSTANTIATE_TEST_SUITE_P(Homes, LogsFollow, kHomes, home_name);

TEST_P(LogsFollow, ClientsOfAllFormsGetEveryLineInOrderAndNoneTwice) {
  constexpr std::uint64_t kLines = 400;
  WrittenEntry first = written(now_us() - support::kSecondUs, "cgminer.service", "message 0");
  LogsDaemon service(GetParam(), {first});
  std::atomic<bool> written_all = false;
  std::thread writer([&] {
    for (std::uint64_t i = 1; i < kLines; i += 21) {
      std::vector<WrittenEntry> more;
      for (std::uint64_t n = i; n < std::min(i + 21, kLines); ++n) {
        more.push_back(written(first.begin_us + n, "cgminer.service", "message " + std::to_string(n)));
      }
      service.files().write("system", more);
    }
    written_all = true;
  });
  std::vector<std::unique_ptr<LogFollower>> followers;
  std::vector<std::string> names;
  const auto follow = [&](const LogForm& form, const std::string& role, const std::string& more) {
    names.push_back(form.name + (" " + role) + more);
    followers.push_back(std::make_unique<LogFollower>(service.client(), form, service.as(role), more));
    EXPECT_LT(followers.back()->answer().status, 300) << names.back();
  };
  // While it is written, so that they join at places of all kinds; all at once are fewer than may read the journal.
  for (int round = 0; round < 2; ++round) {
    for (const LogForm& form : kSharedForms) follow(form, "admin", "");
    follow(kKvmdForm, "operator", "");
    follow(kJsonForm, "operator", "");
    follow(kTextForm, "operator", "&unit=cgminer");
    follow(kSocketForm, "admin", "&grep=message");
  }
  writer.join();
  const std::string last = "message " + std::to_string(kLines - 1);
  for (std::size_t i = 0; i < followers.size(); ++i) {
    EXPECT_THAT(followers[i]->messages_until(last), ElementsAreArray(numbered(0, kLines))) << names[i];
  }
}

TEST_P(LogsFollow, TooManyFollowersWithFiltersAreRefusedAndOneThatLeavesMakesRoom) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 1), ", filtered_followers_max: 2");
  auto first = std::make_unique<LogFollower>(service.client(), kTextForm, service.as("admin"), "&level=7");
  LogFollower second(service.client(), kSocketForm, service.as("operator"), "&level=7");
  EXPECT_EQ(first->next_message(), "message 0");
  EXPECT_EQ(second.next_message(), "message 0");
  const LogFollower third(service.client(), kTextForm, service.as("admin"), "&level=7");
  EXPECT_EQ(third.answer().status, 503);
  EXPECT_EQ(third.answer().header("Content-Type"), "application/problem+json");
  const LogFollower socket(service.client(), kSocketForm, service.as("admin"), "&level=7");
  EXPECT_EQ(socket.answer().status, 503);
  LogFollower unfiltered(service.client(), kTextForm, service.as("admin"));
  EXPECT_EQ(unfiltered.next_message(), "message 0") << "those are not bounded by it";
  EXPECT_EQ(service.get("/api/v1/logs?level=7").status, 200) << "nor are those that end";
  first.reset();
  int status = 503;
  for (int i = 0; i < 1000 && status == 503; ++i) {
    status = LogFollower(service.client(), kTextForm, service.as("admin"), "&level=7").answer().status;
  }
  EXPECT_EQ(status, 200);
}

TEST_P(LogsFollow, OneUserHasAShareOfTheFollowersWithFilters) {
  LogsDaemon service(GetParam(), support::said_in_turn(0, 1), ", filtered_followers_max: 8");
  const LogFollower first(service.client(), kTextForm, service.as("operator"), "&level=7");
  const LogFollower second(service.client(), kSocketForm, service.as("operator"), "&level=7");
  EXPECT_EQ(first.answer().status, 200);
  EXPECT_EQ(second.answer().status, 101);
  const LogFollower third(service.client(), kTextForm, service.as("operator"), "&level=7");
  EXPECT_EQ(third.answer().status, 503);
  const LogFollower of_another(service.client(), kTextForm, service.as("admin"), "&level=7");
  EXPECT_EQ(of_another.answer().status, 200);
}

TEST_P(LogsFollow, TwoHundredFollowersGetEveryLine) {
  constexpr std::size_t kFollowers = 200;
  LogsDaemon service(GetParam(), support::said_in_turn(0, 2));
  std::vector<std::unique_ptr<LogFollower>> followers;
  while (followers.size() < kFollowers) {
    const LogForm& form = followers.size() % 2 == 0 ? kTextForm : kJsonForm;
    followers.push_back(std::make_unique<LogFollower>(service.client(), form, service.as("operator")));
    ASSERT_EQ(followers.back()->answer().status, 200) << followers.size();
    ASSERT_THAT(followers.back()->messages_until("message 1"), ElementsAreArray(numbered(0, 2))) << followers.size();
  }
  service.files().write("system", support::said_in_turn(2, 50));
  for (const auto& follower : followers) {
    ASSERT_THAT(follower->messages_until("message 51"), ElementsAreArray(numbered(2, 52)));
  }
}

TEST_P(LogsFollow, ALongBacklogComesWholeBeforeWhatFollows) {
  constexpr std::uint64_t kLines = 3000;
  LogsDaemon service(GetParam(), support::said_in_turn(0, kLines));
  LogFollower follower(service.client(), kTextForm, service.as("admin"));
  EXPECT_EQ(follower.next_message(), "message 0");
  service.files().write("system", support::said_in_turn(kLines, 10));
  EXPECT_THAT(follower.messages_until("message " + std::to_string(kLines + 9)),
              ElementsAreArray(numbered(1, kLines + 10)));
}

}  // namespace
}  // namespace backplane::integration
