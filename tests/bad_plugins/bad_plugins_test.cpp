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
  void run(const std::string& id) {
    bad_id = id;
    problems = host.run({Host::settings(id, id), Host::settings("good", "good")}, BAD_PLUGINS);
  }
  void TearDown() override { the_good_one_answers(); }

  void the_good_one_answers() {
    const auto exchange = host.ask({.path = "/good"});
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
  run("wrong-abi");
  it_is_refused_because(file() + ": was built for ABI 7.0, and this host has 0.1");
  if (host.in_process()) return;  // its file is opened in its process, after the daemon has looked at all of them
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].where, file());
}

TEST_P(BadPlugins, OneWhoseCreateFailsIsRefused) {
  testing::internal::CaptureStderr();
  run("create-fails");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[create-fails] no such board"));
  it_is_refused_because("its create function refused");
}

TEST_P(BadPlugins, OneWhoseCreateThrowsIsRefused) {
  run("create-throws");
  it_is_refused_because("its create function refused");
}

TEST_P(BadPlugins, ARouteWithoutAHandlerRefusesThePlugin) {
  run("route-without-handler");
  it_is_refused_because("its manifest declares the route 'go', and it has no handler for it");
  EXPECT_EQ(host.ask({.path = "/route-without-handler"})->status(), 503);
}

TEST_P(BadPlugins, AHandlerWithoutARouteRefusesThePlugin) {
  run("handler-without-route");
  it_is_refused_because("it handles the route 'hidden', which its manifest does not declare");
}

TEST_P(BadPlugins, AnotherManifestThanTheFileBesideItRefusesThePlugin) {
  run("other-manifest");
  it_is_refused_because("was built with another manifest than the file beside it");
}

TEST_P(BadPlugins, ASharedObjectWithoutTheEntryIsRefused) {
  run("no-symbol");
  it_is_refused_because("does not export backplane_plugin_entry");
}

TEST_P(BadPlugins, AFileThatIsNoSharedObjectIsRefused) {
  bad_id = "no-elf";
  const auto dir = host.data_dir / "plugins-of-the-host";
  std::filesystem::create_directories(dir);
  for (const char* end : {".so", ".json"}) {
    std::filesystem::copy(std::string(BAD_PLUGINS) + "/good" + end, dir / (std::string("good") + end));
  }
  std::ifstream good(dir / "good.json");
  std::string text((std::istreambuf_iterator<char>(good)), std::istreambuf_iterator<char>());
  for (auto at = text.find("good"); at != std::string::npos; at = text.find("good", at + 1))
    text.replace(at, 4, "no-elf");
  std::ofstream(dir / "no-elf.json") << text;
  std::ofstream(dir / "no-elf.so") << "#!/bin/sh\necho no\n";
  host.run({Host::settings("no-elf", "no-elf"), Host::settings("good", "good")}, dir);
  it_is_refused_because((dir / "no-elf.so").string() + ": cannot be loaded: ");
}

TEST_P(BadPlugins, AnUnknownPluginIsNamedWithTheFoldersThatWereSearched) {
  run("not-there");
  it_is_refused_because("there is no plugin \"not-there\"; looked for not-there.json in " BAD_PLUGINS);
  EXPECT_THAT(host.instance("not-there").reason(), HasSubstr("test.yaml:1:1"));
}

TEST_P(BadPlugins, AHandlerThatThrowsAnswers500AndThePluginLivesOn) {
  testing::internal::CaptureStderr();
  run("throws");
  EXPECT_EQ(host.ask({.path = "/throws"})->status(), 500);
  EXPECT_EQ(host.ask({.path = "/throws"})->status(), 500);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[throws] an exception left on_request"));
  EXPECT_EQ(host.instance("throws").state(), State::kRunning);
}

TEST_P(BadPlugins, TheFirstOfManyAnswersCounts) {
  run("answers-twice");
  EXPECT_EQ(host.ask({.path = "/answers-twice"})->body(), "first");
  EXPECT_EQ(host.ask({.path = "/answers-twice"})->body(), "first");
}

TEST_P(BadPlugins, OneThatNeverAnswersLosesItsOperationsByDeadlineAndLeaksNoneOfThem) {
  run("never-answers");
  for (int round = 0; round < 3; ++round) {
    std::vector<std::shared_ptr<Exchange>> open;
    for (std::size_t i = 0; i < link::limits::kOperationsPerPluginMax; ++i)
      open.push_back(host.send({.path = "/never-answers"}));
    EXPECT_EQ(host.send({.path = "/never-answers"})->status(), 503);
    the_good_one_answers();
    host.clock.advance_ms(1000);
    host.table.end_overdue();
    for (const auto& exchange : open) EXPECT_EQ(exchange->operation->end_reason(), op::End::kDeadline);
    EXPECT_EQ(host.table.size(), 0u);
    EXPECT_EQ(host.instance("never-answers").unanswered(), 0u);
  }
}

TEST_P(BadPlugins, OneThatBlocksItsThreadIsShownAndGets503) {
  run("blocks");
  Gate gate(host, "blocks");
  const auto blocking = host.send({.path = "/blocks", .query = gate.signal() + "," + gate.reader()});
  gate.wait_until_held();
  host.advance_ms(3000);
  EXPECT_EQ(host.instance("blocks").reason(), "blocked in on_request (route go) for 3 s");
  EXPECT_EQ(host.send({.path = "/blocks"})->status(), 503);
  the_good_one_answers();
  gate.open();
  ASSERT_TRUE(host.wait([&] { return blocking->finished; }));
  EXPECT_EQ(blocking->body(), "at last");
  EXPECT_TRUE(host.wait([this] { return host.instance("blocks").state() == State::kRunning; }));
}

// A thread cannot be ended from outside; a process can.
TEST_P(BadPlugins, OneThatBlocksForGoodIsKilledWhereItHasAProcessAndShownWhereItHasAThread) {
  run("blocks");
  Gate gate(host, "blocks");
  const auto blocking = host.send({.path = "/blocks", .query = gate.signal() + "," + gate.reader()});
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
  run("floods");
  const auto exchange = host.send({.path = "/floods"});
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
  run("stop-hangs");
  Gate gate(host, "stop-hangs");
  host.ask({.path = "/stop-hangs", .query = gate.reader()});
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
