// Followers outlive the plugin: killed or restarted, they stay connected and get every line that was written meanwhile,
// once. Disabled, they end.
#include <signal.h>

#include "daemon/suite.hpp"

namespace backplane::integration {
namespace {

using testing::ElementsAre;

class LogsRestart : public LogsTest {
 protected:
  void start(const std::string& home) { service_.emplace(home, messages(0, 2)); }
  // All shared forms, both with secrets and without, each past its backlog.
  void follow_all() {
    for (const LogForm& form : kSharedForms) follow(form, "admin");
    for (const LogForm& form : {kKvmdForm, kTextForm, kJsonForm, kEventsForm, kExportForm, kSocketForm}) {
      follow(form, "operator");
    }
    expect_until("message 1", ElementsAre("message 0", "message 1"));
  }
  void follow(const LogForm& form, const std::string& role) {
    names_.push_back(form.name + (" " + role));
    followers_.push_back(std::make_unique<LogFollower>(service_->client(), form, service_->as(role)));
  }
  template <class Matcher>
  void expect_until(const std::string& last, const Matcher& matcher) {
    for (std::size_t i = 0; i < followers_.size(); ++i) {
      EXPECT_THAT(followers_[i]->messages_until(last), matcher) << names_[i];
    }
  }
  void expect_ends() {
    for (std::size_t i = 0; i < followers_.size(); ++i) EXPECT_TRUE(followers_[i]->ends()) << names_[i];
  }
  void write(std::uint64_t first, std::uint64_t end) { service_->files().write("system", messages(first, end)); }
  std::vector<WrittenEntry> messages(std::uint64_t first, std::uint64_t end) const {
    std::vector<WrittenEntry> entries = support::said_in_turn(first, end - first);
    for (WrittenEntry& entry : entries) {
      entry.begin_us = begin_us_;
      entry.boot_id = present_boot();
    }
    return entries;
  }
  void kill_plugin() {
    const pid_t before = support::process_of(service_->daemon(), "log-stream");
    ASSERT_NE(before, 0);
    ASSERT_EQ(::kill(before, SIGKILL), 0);
  }
  // A plugin on a thread has no second life beside its first: its followers end with it and come again.
  static bool ends_with_a_restart() { return GetParam() == std::string("thread"); }
  support::Ended command(const std::string& order) {
    return support::run_backplanectl(service_->daemon().state_dir(), {"plugin", order, "log-stream"});
  }

  const std::uint64_t begin_us_ = now_us() - 3600 * support::kSecondUs;
  std::optional<LogsDaemon> service_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<LogFollower>> followers_;
};
INSTANTIATE_TEST_SUITE_P(Homes, LogsRestart, kHomes, home_name);

TEST_P(LogsRestart, ARestartLosesAndRepeatsNothing) {
  start(GetParam());
  follow_all();
  write(2, 4);
  expect_until("message 3", ElementsAre("message 2", "message 3"));
  ASSERT_EQ(command("restart").status, 0);
  write(4, 5);
  if (!ends_with_a_restart()) return expect_until("message 4", ElementsAre("message 4"));
  expect_ends();
  LogFollower again(service_->client(), kTextForm, service_->as("admin"));
  EXPECT_THAT(again.messages_until("message 4"), testing::SizeIs(5));
}

TEST_P(LogsRestart, WhatIsWrittenWhileItRestartsComesOnce) {
  if (ends_with_a_restart()) GTEST_SKIP() << "its followers end";
  start(GetParam());
  follow_all();
  write(2, 3);
  expect_until("message 2", ElementsAre("message 2"));
  std::thread writer([&] {
    for (std::uint64_t i = 3; i < 30; ++i) write(i, i + 1);
  });
  EXPECT_EQ(command("restart").status, 0);
  writer.join();
  std::vector<std::string> expected;
  for (int i = 3; i < 30; ++i) expected.push_back("message " + std::to_string(i));
  expect_until("message 29", testing::ElementsAreArray(expected));
}

TEST_P(LogsRestart, ADisabledPluginEndsItsFollowers) {
  start(GetParam());
  follow_all();
  LogFollower filtered(service_->client(), kTextForm, service_->as("admin"), "&level=7");
  EXPECT_EQ(filtered.next_message(), "message 0");
  ASSERT_EQ(command("disable").status, 0);
  expect_ends();
  EXPECT_TRUE(filtered.ends());
  EXPECT_EQ(service_->get("/api/v1/logs").status, 503);
  ASSERT_EQ(command("enable").status, 0);
  EXPECT_EQ(service_->get("/api/v1/logs").status, 200);
}

class LogsKilled : public LogsRestart {};
INSTANTIATE_TEST_SUITE_P(Homes, LogsKilled, testing::Values("process"), home_name);

TEST_P(LogsKilled, FollowersStayAndGetWhatIsWrittenMeanwhileOnce) {
  start(GetParam());
  follow_all();
  write(2, 4);
  expect_until("message 3", ElementsAre("message 2", "message 3"));
  kill_plugin();
  write(4, 6);
  expect_until("message 5", ElementsAre("message 4", "message 5"));
  write(6, 7);
  expect_until("message 6", ElementsAre("message 6"));
}

TEST_P(LogsKilled, FollowersThatHaveGotNothingButTheirBacklogLoseNothing) {
  start(GetParam());
  follow_all();
  kill_plugin();
  write(2, 4);
  expect_until("message 3", ElementsAre("message 2", "message 3"));
}

TEST_P(LogsKilled, AFollowerWithFiltersEnds) {
  start(GetParam());
  LogFollower filtered(service_->client(), kTextForm, service_->as("admin"), "&level=7");
  EXPECT_EQ(filtered.next_message(), "message 0");
  EXPECT_EQ(filtered.next_message(), "message 1");
  kill_plugin();
  EXPECT_TRUE(filtered.ends());
}

}  // namespace
}  // namespace backplane::integration
