// Each bad plugin runs beside a good one, in both kinds of home; whatever it does, the good one answers, and operators
// read what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "contract/gate.hpp"
#include "contract/harness.hpp"
#include "link/limits.hpp"
#include "op/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {
namespace {

using plugin::State;
using testing::HasSubstr;

class BadPlugins : public testing::TestWithParam<LinkKind> {
 protected:
  void run(const config::PluginSettings& settings) {
    bad_id = settings.instance;
    problems = host.run({settings, Host::misdeed("bad", "good")}, BAD_PLUGINS);
  }
  void run_misdeed(const std::string& row) { run(Host::misdeed("bad", row)); }
  std::shared_ptr<Exchange> send(const std::string& query = {}) {
    return host.send({.path = "/" + bad_id + "/go", .query = query});
  }
  std::shared_ptr<Exchange> ask(const std::string& query = {}) {
    return host.ask({.path = "/" + bad_id + "/go", .query = query});
  }
  void TearDown() override { the_good_one_answers(); }

  void the_good_one_answers() {
    const auto exchange = host.ask({.path = "/good/go"});
    EXPECT_EQ(exchange->status(), 200);
    EXPECT_EQ(exchange->body(), "good");
    EXPECT_EQ(host.instance("good").state(), State::kRunning);
  }
  void it_is_refused_because(const std::string& reason) {
    EXPECT_EQ(host.instance(bad_id).state(), State::kRefused);
    EXPECT_THAT(host.instance(bad_id).reason(), HasSubstr(reason));
    EXPECT_THAT(plugin::health_json(*host.supervisor, {}), HasSubstr("\"state\":\"refused\""));
  }
  std::string file(const std::string& end = ".so") const { return std::string(BAD_PLUGINS) + "/" + bad_id + end; }

  Host host{GetParam()};
  std::string bad_id;
  std::vector<base::Problem> problems;
};
INSTANTIATE_TEST_SUITE_P(Links, BadPlugins, testing::ValuesIn(link_kinds()),
                         [](const auto& info) { return info.param.name; });

TEST_P(BadPlugins, OneForAnotherAbiIsRefusedAndItsFileNamed) {
  run(Host::settings("wrong-abi", "wrong-abi"));
  it_is_refused_because(file() + ": was built for ABI 7.0, and this host has 0.1");
  if (host.in_process()) return;  // its file is opened in its process, after the daemon has looked at all of them
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].where, file());
}

TEST_P(BadPlugins, OneWhoseCreateFailsIsRefused) {
  testing::internal::CaptureStderr();
  run_misdeed("create-fails");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[create-fails] no such board"));
  it_is_refused_because("its create function refused");
}

TEST_P(BadPlugins, OneWhoseCreateThrowsIsRefused) {
  run_misdeed("create-throws");
  it_is_refused_because("its create function refused");
}

TEST_P(BadPlugins, ARouteWithoutAHandlerRefusesThePlugin) {
  run_misdeed("route-without-handler");
  it_is_refused_because("its manifest declares the route 'go', and it has no handler for it");
  EXPECT_EQ(ask()->status(), 503);
}

TEST_P(BadPlugins, AHandlerWithoutARouteRefusesThePlugin) {
  run_misdeed("handler-without-route");
  it_is_refused_because("it handles the route 'hidden', which its manifest does not declare");
}

TEST_P(BadPlugins, AnotherManifestThanTheFileBesideItRefusesThePlugin) {
  run(Host::settings("other-manifest", "other-manifest"));
  it_is_refused_because("was built with another manifest than the file beside it");
}

TEST_P(BadPlugins, ASharedObjectWithoutTheEntryIsRefused) {
  run(Host::settings("no-symbol", "no-symbol"));
  it_is_refused_because("does not export backplane_plugin_entry");
}

TEST_P(BadPlugins, AFileThatIsNoSharedObjectIsRefused) {
  const auto dir = host.data_dir / "plugins-of-the-host";
  std::filesystem::create_directories(dir);
  for (const char* end : {".so", ".json"}) {
    std::filesystem::copy(std::string(BAD_PLUGINS) + "/bad" + end, dir / (std::string("bad") + end));
  }
  std::ifstream bad(dir / "bad.json");
  std::string text((std::istreambuf_iterator<char>(bad)), std::istreambuf_iterator<char>());
  const std::string id = R"("id": "bad")";
  ASSERT_THAT(text, HasSubstr(id));
  std::ofstream(dir / "no-elf.json") << text.replace(text.find(id), id.size(), R"("id": "no-elf")");
  std::ofstream(dir / "no-elf.so") << "#!/bin/sh\necho no\n";
  bad_id = "no-elf";
  host.run({Host::misdeed("no-elf", "no-elf"), Host::misdeed("bad", "good")}, dir);
  it_is_refused_because((dir / "no-elf.so").string() + ": cannot be loaded: ");
}

TEST_P(BadPlugins, AnUnknownPluginIsNamedWithTheFoldersThatWereSearched) {
  run(Host::settings("not-there", "not-there"));
  it_is_refused_because("there is no plugin \"not-there\"; looked for not-there.json in " BAD_PLUGINS);
  EXPECT_THAT(host.instance("not-there").reason(), HasSubstr("test.yaml:1:1"));
}

TEST_P(BadPlugins, AHandlerThatThrowsAnswers500AndThePluginLivesOn) {
  testing::internal::CaptureStderr();
  run_misdeed("throws");
  EXPECT_EQ(ask()->status(), 500);
  EXPECT_EQ(ask()->status(), 500);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[throws] an exception left on_request"));
  EXPECT_EQ(host.instance("throws").state(), State::kRunning);
}

TEST_P(BadPlugins, TheFirstOfManyAnswersCounts) {
  run_misdeed("answers-twice");
  EXPECT_EQ(ask()->body(), "first");
  EXPECT_EQ(ask()->body(), "first");
}

TEST_P(BadPlugins, OneThatNeverAnswersLosesItsOperationsByDeadlineAndLeaksNoneOfThem) {
  run_misdeed("never-answers");
  for (int round = 0; round < 3; ++round) {
    std::vector<std::shared_ptr<Exchange>> open;
    for (std::size_t i = 0; i < link::limits::kOperationsPerPluginMax; ++i) open.push_back(send());
    EXPECT_EQ(send()->status(), 503);
    the_good_one_answers();
    host.clock.advance_ms(1000);
    host.table.end_overdue();
    for (const auto& exchange : open) EXPECT_EQ(exchange->operation->end_reason(), op::End::kDeadline);
    EXPECT_EQ(host.table.size(), 0u);
    EXPECT_EQ(host.instance("never-answers").unanswered(), 0u);
  }
}

TEST_P(BadPlugins, OneThatBlocksItsThreadIsShownAndGets503) {
  run_misdeed("blocks");
  Gate gate(host, "blocks");
  const auto blocking = send(gate.signal() + "," + gate.reader());
  gate.wait_until_held();
  host.advance_ms(3000);
  EXPECT_EQ(host.instance("blocks").reason(), "blocked in on_request (route go) for 3 s");
  EXPECT_EQ(send()->status(), 503);
  the_good_one_answers();
  gate.open();
  ASSERT_TRUE(host.wait([&] { return blocking->finished; }));
  EXPECT_EQ(blocking->body(), "at last");
  EXPECT_TRUE(host.wait([this] { return host.instance("blocks").state() == State::kRunning; }));
}

// A thread cannot be ended from outside; a process can.
TEST_P(BadPlugins, OneThatBlocksForGoodIsKilledWhereItHasAProcessAndShownWhereItHasAThread) {
  run_misdeed("blocks");
  Gate gate(host, "blocks");
  const auto blocking = send(gate.signal() + "," + gate.reader());
  gate.wait_until_held();
  host.advance_ms(link::limits::kProcessStalledMs);
  if (host.in_process()) {
    ASSERT_TRUE(host.wait([&] { return host.instance("blocks").state() == State::kCrashed; }));
    EXPECT_EQ(host.instance("blocks").reason(), "it was blocked in on_request for 10 s; it was killed");
    EXPECT_EQ(blocking->status(), 502);
    return;
  }
  EXPECT_EQ(host.instance("blocks").state(), State::kBlocked);
  EXPECT_EQ(host.instance("blocks").reason(), "blocked in on_request (route go) for 10 s");
  gate.open();
  EXPECT_TRUE(host.wait([&] { return blocking->finished; }));
}

TEST_P(BadPlugins, AFloodIsBoundedEverywhere) {
  testing::internal::CaptureStderr();
  run_misdeed("floods");
  const auto exchange = send();
  exchange->reading = false;
  the_good_one_answers();
  ASSERT_TRUE(host.wait([&] { return exchange->operation->phase() == op::Operation::Phase::kEnding; }));
  exchange->reading = true;
  exchange->look();
  EXPECT_TRUE(exchange->finished);
  EXPECT_LE(exchange->body().size(), op::limits::kStreamWindowBytes);
  EXPECT_LE(host.instance("floods").metrics().size(), link::limits::kMetricsPerPluginMax);
  const std::string log = testing::internal::GetCapturedStderr();
  std::size_t lines = 0;
  for (auto at = log.find("[floods] flood"); at != std::string::npos; at = log.find("[floods] flood", at + 1)) ++lines;
  EXPECT_EQ(lines, link::limits::kLogLinesPerSecondMax);
}

TEST_P(BadPlugins, OneThatDoesNotStopIsReportedInTime) {
  run_misdeed("stop-hangs");
  Gate gate(host, "stop-hangs");
  ask(gate.reader());
  testing::internal::CaptureStderr();
  std::optional<bool> clean;
  host.instance("stop-hangs").stop([&clean](bool outcome) { clean = outcome; });
  EXPECT_FALSE(clean.has_value());
  host.advance_ms(link::limits::kPluginStopMs);
  if (host.in_process()) {
    ASSERT_TRUE(host.wait([&clean] { return clean.has_value(); }));
    EXPECT_EQ(clean, true) << "it was killed, and nothing of it is left";
    EXPECT_EQ(host.instance("stop-hangs").state(), State::kStopped);
  } else {
    EXPECT_EQ(clean, false);
    EXPECT_THAT(host.instance("stop-hangs").reason(), HasSubstr("it has not stopped within 5 s"));
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("it has not stopped within 5 s"));
  the_good_one_answers();
  gate.open();  // a daemon has left by now; the test waits, so that it leaks nothing
  EXPECT_TRUE(host.wait([this] { return host.instance("stop-hangs").state() == State::kStopped; }));
}

}  // namespace
}  // namespace backplane::contract
