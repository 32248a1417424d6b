// What only a plugin in a process of its own has: it can end, be ended, be replaced, and be held to its sandbox.
#include <signal.h>

#include "contract/probe_test.hpp"
#include "link/limits.hpp"
#include "plugin/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {
namespace {

using plugin::State;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Process : public ProbeTest {
 protected:
  plugin::Instance& probe() { return host->instance("probe"); }
  // By a signal that no sanitizer makes its own of.
  void kill_it() { ::kill(probe().process(), SIGABRT); }
  bool wait_for(State state) {
    return host->wait([&] { return probe().state() == state; });
  }
  // Lets time pass until the plugin serves again.
  bool comes_back(std::int64_t ms) {
    host->advance_ms(ms);
    return wait_for(State::kRunning);
  }
  using Outcome = std::optional<std::optional<base::Problem>>;
  // What an operator's order led to.
  template <class Order>
  std::optional<base::Problem> order(Order give) {
    Outcome outcome;
    give([&outcome](std::optional<base::Problem> problem) { outcome = std::move(problem); });
    EXPECT_TRUE(host->wait([&outcome] { return outcome.has_value(); }));
    return outcome.value_or(std::nullopt);
  }
  std::optional<base::Problem> restart() {
    return order([this](auto done) { host->supervisor->restart("probe", done); });
  }
  std::optional<base::Problem> disable() {
    return order([this](auto done) { host->supervisor->disable("probe", done); });
  }
  std::optional<base::Problem> enable() {
    return order([this](auto done) { host->supervisor->enable("probe", done); });
  }
};
INSTANTIATE_TEST_SUITE_P(Links, Process, testing::Values(link_kinds().back()), kind_name);

TEST_P(Process, ACrashAnswers502AndCutsStreamsOff) {
  const auto waiting = run("save:a");
  const auto streaming = run("save:b,begin,write:10");
  ASSERT_TRUE(host->wait([&] { return streaming->head.has_value(); }));
  kill_it();
  ASSERT_TRUE(host->wait([&] { return waiting->finished && streaming->operation->ended(); }));
  EXPECT_EQ(waiting->status(), 502);
  EXPECT_THAT(waiting->body(), HasSubstr("the plugin broke while it answered"));
  EXPECT_EQ(streaming->operation->end_reason(), op::End::kStopping);
  EXPECT_EQ(probe().state(), State::kCrashed);
  EXPECT_EQ(probe().unanswered(), 0u);
  EXPECT_EQ(host->table.size(), 0u);
}

TEST_P(Process, ACrashedPluginAnswers503SaysWhyAndComesBackAtOnce) {
  kill_it();
  ASSERT_TRUE(wait_for(State::kCrashed));
  EXPECT_EQ(probe().reason(), "it was ended by signal 6 (Aborted)");
  const auto refused = host->send({.path = "/do", .query = "respond:200"});
  EXPECT_EQ(refused->status(), 503);
  EXPECT_THAT(refused->head->headers, Contains(testing::Field(&exchange::Field::name, "Retry-After")));
  EXPECT_THAT(host->notices, ElementsAre("plugin.crashed probe: it was ended by signal 6 (Aborted)"));
  ASSERT_TRUE(comes_back(0));
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
  EXPECT_EQ(probe().reason(), "");
}

TEST_P(Process, RestartsWaitLongerAndFiveCrashesWithinTenMinutesDisable) {
  for (const std::int64_t wait_ms : {0, 500, 1000, 2000}) {
    kill_it();
    ASSERT_TRUE(wait_for(State::kCrashed));
    if (wait_ms != 0) {
      host->advance_ms(wait_ms - 1);
      EXPECT_EQ(probe().state(), State::kCrashed) << wait_ms;
    }
    ASSERT_TRUE(comes_back(wait_ms == 0 ? 0 : 1)) << wait_ms;
  }
  kill_it();
  ASSERT_TRUE(wait_for(State::kDisabled));
  EXPECT_THAT(probe().reason(), StartsWith("it crashed 5 times within 10 minutes, at last because it was ended by"));
  EXPECT_THAT(probe().reason(), HasSubstr("backplanectl plugin enable probe"));
  host->advance_ms(3'600'000);
  EXPECT_EQ(probe().state(), State::kDisabled);
  EXPECT_EQ(probe().crashes(), 5u);
  EXPECT_EQ(enable(), std::nullopt);
  EXPECT_EQ(probe().state(), State::kRunning);
}

TEST_P(Process, CrashesThatAreFarApartNeverDisable) {
  for (int crash = 0; crash < 8; ++crash) {
    kill_it();
    ASSERT_TRUE(wait_for(State::kCrashed));
    ASSERT_TRUE(comes_back(plugin::limits::kProcessCrashesMs / 4));
  }
}

TEST_P(Process, OneThatStallsIsShownAndThenKilled) {
  Gate gate(*host);
  const auto blocking = run(gate.hold());
  gate.wait_until_held();
  host->advance_ms(link::limits::kPluginBlockedMs);
  EXPECT_EQ(probe().state(), State::kBlocked);
  host->advance_ms(link::limits::kProcessStalledMs - link::limits::kPluginBlockedMs);
  ASSERT_TRUE(wait_for(State::kCrashed));
  EXPECT_EQ(probe().reason(), "it was blocked in on_request for 10 s; it was killed");
  EXPECT_EQ(blocking->status(), 502);
}

TEST_P(Process, OneThatIsHeldUpFromOutsideMissesItsHeartbeatAndIsKilled) {
  ::kill(probe().process(), SIGSTOP);
  host->advance_ms(link::limits::kHeartbeatMs);  // asks
  host->advance_ms(link::limits::kPluginBlockedMs);
  EXPECT_EQ(probe().state(), State::kBlocked);
  EXPECT_EQ(probe().reason(), "has not answered for 2 s");
  EXPECT_EQ(host->send({.path = "/do", .query = "respond:200"})->status(), 503);
  host->advance_ms(link::limits::kProcessStalledMs);
  ASSERT_TRUE(wait_for(State::kCrashed));
  EXPECT_THAT(probe().reason(), HasSubstr("it has not answered for 12 s; it was killed"));
}

TEST_P(Process, OneThatComesBackInTimeLivesOn) {
  const pid_t pid = probe().process();
  ::kill(pid, SIGSTOP);
  host->advance_ms(link::limits::kHeartbeatMs);
  host->advance_ms(link::limits::kPluginBlockedMs);
  ASSERT_EQ(probe().state(), State::kBlocked);
  ::kill(pid, SIGCONT);
  ASSERT_TRUE(wait_for(State::kRunning));
  host->advance_ms(link::limits::kProcessStalledMs);
  EXPECT_EQ(probe().process(), pid);
}

TEST_P(Process, ARestartBringsTheNewOneUpFirstAndLetsTheOldOneDrain) {
  const auto waiting = run("save:a");
  const pid_t before = probe().process();
  EXPECT_EQ(restart(), std::nullopt);
  EXPECT_NE(probe().process(), before);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:201"})->status(), 201);
  EXPECT_FALSE(waiting->finished);
  EXPECT_TRUE(host->supervisor->owns_process(before));
  host->advance_ms(plugin::limits::kDrainMs);
  ASSERT_TRUE(host->wait([&] { return !host->supervisor->owns_process(before); }));
  EXPECT_EQ(waiting->operation->end_reason(), op::End::kStopping);
}

TEST_P(Process, OneThatDoesNotComeUpLeavesTheOldOneInPlace) {
  const pid_t before = probe().process();
  std::optional<std::vector<base::Problem>> reloaded;
  host->supervisor->reload(
      host->at_home({Host::settings("probe", "probe", R"({"on_config":"restart","start":"fail"})")}),
      [&reloaded](std::vector<base::Problem> problems) { reloaded = std::move(problems); });
  ASSERT_TRUE(host->wait([&] { return reloaded.has_value(); }));
  ASSERT_EQ(reloaded->size(), 1u);
  EXPECT_THAT(reloaded->front().text, HasSubstr("the device /dev/probe0 is missing"));
  EXPECT_EQ(probe().process(), before);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Process, AfterACrashANewFileIsTakenUp) {
  host = std::make_unique<Host>(GetParam());
  const auto home = host->data_dir / "plugins-of-others";
  std::filesystem::create_directories(home);
  for (const char* file : {"probe.so", "probe.json"}) {
    std::filesystem::copy(std::filesystem::path(CONTRACT_PLUGINS) / file, home / file);
  }
  host->run({Host::settings("probe", "probe")}, home);
  const auto before = probe().version().library_time;
  std::filesystem::last_write_time(home / "probe.so", before + std::chrono::seconds(7));
  kill_it();
  ASSERT_TRUE(wait_for(State::kCrashed));
  ASSERT_TRUE(comes_back(0));
  EXPECT_EQ(probe().version().library_time, before + std::chrono::seconds(7));
}

// Else a process would come up without the limits and the user of a sandbox that the YAML no longer describes.
TEST_P(Process, ARestartGivesNoOtherIsolationThanTheDaemonStartedWith) {
  const pid_t before = probe().process();
  auto on_a_thread = Host::settings("probe", "probe");
  on_a_thread.isolation = config::Isolation::kThread;
  host->supervisor->reload({on_a_thread}, [](const auto&) {});
  const auto problem = restart();
  ASSERT_TRUE(problem.has_value());
  EXPECT_THAT(problem->text, HasSubstr("another isolation; it needs a restart of the daemon"));
  EXPECT_EQ(probe().process(), before);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Process, ADisabledPluginStaysDownUntilItIsEnabled) {
  EXPECT_EQ(disable(), std::nullopt);
  EXPECT_EQ(probe().state(), State::kDisabled);
  EXPECT_EQ(probe().process(), 0);
  EXPECT_EQ(host->send({.path = "/do", .query = "respond:200"})->status(), 503);
  host->advance_ms(3'600'000);
  EXPECT_EQ(probe().state(), State::kDisabled);
  EXPECT_EQ(enable(), std::nullopt);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Process, AnOrderThatADaemonsStopOvertakesIsAnsweredAllTheSame) {
  EXPECT_EQ(disable(), std::nullopt);
  std::optional<std::optional<base::Problem>> enabled;
  host->supervisor->enable("probe", [&enabled](std::optional<base::Problem> problem) { enabled = std::move(problem); });
  EXPECT_EQ(host->stop(), true);
  ASSERT_TRUE(enabled.has_value());
  ASSERT_TRUE(enabled->has_value());
  EXPECT_THAT((*enabled)->text, HasSubstr("is being stopped"));
}

TEST_P(Process, ANameThatNobodyHasIsNotFound) {
  const auto problem = order([this](auto done) { host->supervisor->restart("nobody", done); });
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code, base::Error::kNotFound);
}

TEST_P(Process, HealthListsTheLayersOfTheSandbox) {
  const std::string health = plugin::health_json(*host->supervisor, {});
  for (const char* layer : {"system calls", "no new privileges", "capabilities"}) {
    EXPECT_THAT(health, HasSubstr(std::string(R"({"layer":")") + layer + R"(","active":true)"));
  }
}

TEST_P(Process, WhatIsStoppedWithTheDaemonIsGone) {
  const pid_t pid = probe().process();
  EXPECT_EQ(host->stop(), true);
  EXPECT_EQ(probe().state(), State::kStopped);
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_P(Process, ADataFolderThatCannotBeMadeRefusesThePlugin) {
  host = std::make_unique<Host>(GetParam());
  std::fclose(std::fopen((host->data_dir / "plugins").c_str(), "w"));
  host->run({Host::settings("probe", "probe")}, CONTRACT_PLUGINS);
  EXPECT_EQ(probe().state(), State::kRefused);
  EXPECT_THAT(probe().reason(), HasSubstr((host->data_dir / "plugins" / "probe").string()));
}

}  // namespace
}  // namespace backplane::contract
