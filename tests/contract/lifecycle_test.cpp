// Start, configuration and stop of an instance, and what clients hear meanwhile.
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

class Lifecycle : public ProbeTest {
 protected:
  void SetUp() override {}

  std::vector<base::Problem> reload(const std::string& config_json) {
    std::optional<std::vector<base::Problem>> outcome;
    host->supervisor->reload(host->at_home({Host::settings("probe", "probe", config_json)}),
                             [&outcome](std::vector<base::Problem> found) { outcome = std::move(found); });
    EXPECT_TRUE(host->wait([&outcome] { return outcome.has_value(); }));
    return outcome.value_or(std::vector<base::Problem>());
  }
};
INSTANTIATE_TEST_SUITE_P(Links, Lifecycle, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Lifecycle, AStartThatFailsRefusesTheInstanceAndItsRoutesAnswer503) {
  start(R"({"start":"fail"})");
  EXPECT_EQ(host->instance("probe").state(), State::kRefused);
  EXPECT_EQ(host->instance("probe").reason(), "the device /dev/probe0 is missing");
  const auto exchange = host->ask({.path = "/do", .query = "respond:200"});
  EXPECT_EQ(exchange->status(), 503);
  EXPECT_THAT(exchange->body(), HasSubstr("UnavailableError"));
  EXPECT_THAT(exchange->body(), testing::Not(HasSubstr("/dev/probe0")));  // the reason is for operators
  EXPECT_EQ(host->stop(), true);
}

TEST_P(Lifecycle, AStartMayBeAnsweredLaterFromAnotherThread) {
  start(R"({"start":"later"})");
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Lifecycle, AnOptionalDeviceThatIsMissingDegrades) {
  start(R"({"start":"degraded"})");
  EXPECT_EQ(host->instance("probe").state(), State::kDegraded);
  EXPECT_EQ(host->instance("probe").reason(), "no second device");
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Lifecycle, ATextOnADegradedStartLeavesItDegraded) {
  start(R"({"start":"degraded-text"})");
  EXPECT_EQ(host->instance("probe").state(), State::kDegraded);
  EXPECT_EQ(host->instance("probe").reason(), "started without it");
}

TEST_P(Lifecycle, AStartThatIsNeverAnsweredIsGivenUp) {
  host = std::make_unique<Host>(GetParam());
  host->make_supervisor(CONTRACT_PLUGINS);
  host->supervisor->load(host->at_home({Host::settings("probe", "probe", R"({"start":"never"})")}));
  bool settled = false;
  host->supervisor->start([&settled] { settled = true; });
  EXPECT_EQ(host->instance("probe").state(), State::kStarting);
  EXPECT_EQ(host->ask({.path = "/journal"})->status(), 503);
  host->clock.advance_ms(plugin::limits::kPluginStartMs);
  host->supervisor->tick();
  EXPECT_TRUE(settled);
  EXPECT_EQ(host->instance("probe").state(), State::kRefused);
  EXPECT_EQ(host->instance("probe").reason(), "it has not answered start within 10 s");
  EXPECT_EQ(host->stop(), true);
}

TEST_P(Lifecycle, ANewConfigurationIsAppliedOrKeptAsThePluginSays) {
  start("{}");
  EXPECT_THAT(reload(R"({"stop":"later"})"), IsEmpty());
  EXPECT_THAT(reload(R"({"stop":"later"})"), IsEmpty());  // the same again is no change
  auto problems = reload(R"({"on_config":"keep"})");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("keeps its old configuration: the probe does not like it"));
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
}

TEST_P(Lifecycle, AConfigurationThatNeedsARestartReplacesAProcessAndIsReportedOfAThread) {
  start("{}");
  const pid_t before = host->instance("probe").process();
  const auto problems = reload(R"({"on_config":"restart"})");
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
  if (host->in_process()) {
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_NE(host->instance("probe").process(), before);
    EXPECT_THAT(host->instance("probe").version().config_json.reveal(), HasSubstr("restart"));
  } else {
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].text, HasSubstr("needs a restart"));
  }
}

TEST_P(Lifecycle, AConfigurationThatIsNeverAnsweredHoldsNoneUpForEver) {
  start("{}");
  std::optional<std::vector<base::Problem>> outcome;
  host->supervisor->reload(host->at_home({Host::settings("probe", "probe", R"({"on_config":"ignore"})")}),
                           [&outcome](std::vector<base::Problem> found) { outcome = std::move(found); });
  journal_of("");  // it has been heard
  host->clock.advance_ms(plugin::limits::kPluginStartMs);
  host->supervisor->tick();
  ASSERT_TRUE(host->wait([&outcome] { return outcome.has_value(); }));
  if (host->in_process()) {  // replaced instead
    EXPECT_THAT(*outcome, IsEmpty());
  } else {
    ASSERT_EQ(outcome->size(), 1u);
    EXPECT_THAT(outcome->front().text, HasSubstr("has not answered its new configuration within 10 s"));
  }
  EXPECT_THAT(reload(R"({"stop":"later"})"), IsEmpty());
}

TEST_P(Lifecycle, AStoppedThreadThatIsStuckHoldsUpNoOrderAndNoEnd) {
  start("{}");
  if (host->in_process()) GTEST_SKIP() << "a process is killed";
  Gate gate(*host);
  run(gate.hold());
  gate.wait_until_held();
  std::vector<std::string> answers;
  const auto note = [&answers](std::optional<base::Problem> problem) {
    answers.push_back(problem ? problem->text : "");
  };
  host->supervisor->disable("probe", note);
  host->advance_ms(link::limits::kPluginStopMs);
  host->supervisor->disable("probe", note);
  EXPECT_THAT(answers, testing::Each(HasSubstr("it has not stopped within 5 s")));
  EXPECT_EQ(answers.size(), 2u);
  std::optional<bool> clean;
  host->supervisor->stop([&clean](bool outcome) { clean = outcome; });
  EXPECT_EQ(clean, false);  // at once: the daemon ends without it
  gate.open();
  EXPECT_TRUE(host->wait([this] { return host->instance("probe").state() == State::kDisabled; }));
}

TEST_P(Lifecycle, AConfigurationThatTheSchemaRefusesNeverReachesThePlugin) {
  start("{}");
  const auto problems = reload(R"({"start":"sideways"})");
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
}

TEST_P(Lifecycle, ABadConfigurationRefusesTheInstanceAlone) {
  host = std::make_unique<Host>(GetParam());
  const auto found = host->run({Host::settings("probe", "probe", R"({"stert":"ok"})")}, CONTRACT_PLUGINS);
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found[0].text, HasSubstr("stert"));
  EXPECT_EQ(host->instance("probe").state(), State::kRefused);
}

TEST_P(Lifecycle, StopEndsOpenOperationsFirst) {
  start("{}");
  const auto waiting = run("save:a");
  const auto streaming = run("save:b,begin");
  ASSERT_TRUE(host->wait([&] { return streaming->head.has_value(); }));
  EXPECT_EQ(host->stop(), true);
  EXPECT_EQ(waiting->operation->end_reason(), op::End::kStopping);
  EXPECT_EQ(streaming->operation->end_reason(), op::End::kStopping);
  EXPECT_EQ(host->instance("probe").state(), State::kStopped);
  EXPECT_EQ(host->send({.path = "/do", .query = "respond:200"})->status(), 503);
}

TEST_P(Lifecycle, StopWaitsForBlockingWork) {
  start("{}");
  Gate gate(*host);
  journal_of("work:1:" + gate.reader());
  std::optional<bool> clean;
  host->supervisor->stop([&clean](bool outcome) { clean = outcome; });
  EXPECT_EQ(host->instance("probe").state(), State::kDraining);
  EXPECT_FALSE(clean.has_value());
  gate.open();
  EXPECT_TRUE(host->wait([&clean] { return clean.has_value(); }));
  EXPECT_EQ(clean, true);
}

TEST_P(Lifecycle, AThreadThatDoesNotComeBackIsReportedAndGetsNothingMore) {
  start("{}");
  Gate gate(*host);
  const auto blocking = run(gate.hold() + ",respond:200");
  const auto queued = run("respond:201");
  gate.wait_until_held();
  host->advance_ms(9'000);
  EXPECT_EQ(host->instance("probe").state(), State::kBlocked);
  EXPECT_EQ(host->instance("probe").reason(), "blocked in on_request (route do) for 9 s");
  EXPECT_THAT(plugin::plugins_json(*host->supervisor), HasSubstr("blocked in on_request (route do) for 9 s"));
  EXPECT_EQ(run("respond:202")->status(), 503);
  gate.open();
  ASSERT_TRUE(host->wait([&] { return blocking->finished && queued->finished; }));
  EXPECT_EQ(queued->status(), 201);
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Lifecycle, AStopThatOverrunsIsReportedAndNotWaitedFor) {
  start("{}");
  Gate gate(*host);
  const auto blocking = run(gate.hold());
  gate.wait_until_held();
  std::optional<bool> clean;
  host->supervisor->stop([&clean](bool outcome) { clean = outcome; });
  host->clock.advance_ms(link::limits::kPluginStopMs);
  host->supervisor->tick();
  if (host->in_process()) {  // a process can be ended, so its stop is clean after all
    EXPECT_TRUE(host->wait([&clean] { return clean.has_value(); }));
    EXPECT_EQ(clean, true);
    return;
  }
  EXPECT_EQ(clean, false);
  EXPECT_THAT(host->instance("probe").reason(), HasSubstr("it has not stopped within 5 s"));
  gate.open();  // a real daemon has left by now; the test waits, so that it leaks nothing
  EXPECT_TRUE(host->wait([this] { return host->instance("probe").state() == State::kStopped; }));
}

TEST_P(Lifecycle, TwoInstancesOfOnePluginLiveSideBySide) {
  host = std::make_unique<Host>(GetParam());
  auto second = Host::settings("probe-2", "probe");
  second.mount = "/second";
  EXPECT_THAT(host->run({Host::settings("probe", "probe"), second}, CONTRACT_PLUGINS), IsEmpty());
  EXPECT_THAT(host->ask({.method = "POST", .path = "/second/look/x/y"})->body(), HasSubstr("POST /look/x/y "));
  EXPECT_THAT(journal_of("info:instance"), ElementsAre("info probe OK"));
  host->ask({.path = "/second/do", .query = "info:instance,respond:200"});
  EXPECT_THAT(host->ask({.path = "/second/journal"})->body(), HasSubstr("info probe-2 OK"));
}

TEST_P(Lifecycle, TwoInstancesWithTheSameRoutesAreToldApartByName) {
  host = std::make_unique<Host>(GetParam());
  const auto found =
      host->run({Host::settings("probe", "probe"), Host::settings("probe-2", "probe")}, CONTRACT_PLUGINS);
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found[0].message(), HasSubstr("probe-2"));
  EXPECT_EQ(host->instance("probe").state(), State::kRunning);
  EXPECT_EQ(host->instance("probe-2").state(), State::kRefused);
}

}  // namespace
}  // namespace backplane::contract
