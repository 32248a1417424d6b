// Each bad plugin runs beside a good one; whatever it does, the good one answers, and operators read what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/limits.hpp"
#include "contract/harness.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {
namespace {

using plugin::State;
using testing::HasSubstr;

namespace limits = base::limits;

class BadPlugins : public testing::Test {
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

  Host host;
  std::string bad_id;
  std::vector<base::Problem> problems;
};

TEST_F(BadPlugins, OneForAnotherAbiIsRefusedAndItsFileNamed) {
  run("wrong-abi");
  it_is_refused_because(file() + ": was built for ABI 7.0, and this host has 0.1");
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].where, file());
}

TEST_F(BadPlugins, OneWhoseCreateFailsIsRefused) {
  testing::internal::CaptureStderr();
  run("create-fails");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[create-fails] no such board"));
  it_is_refused_because("its create function refused");
}

TEST_F(BadPlugins, OneWhoseCreateThrowsIsRefused) {
  run("create-throws");
  it_is_refused_because("its create function refused");
}

TEST_F(BadPlugins, ARouteWithoutAHandlerRefusesThePlugin) {
  run("route-without-handler");
  it_is_refused_because("its manifest declares the route 'go', and it has no handler for it");
  EXPECT_EQ(host.ask({.path = "/route-without-handler"})->status(), 503);
}

TEST_F(BadPlugins, AHandlerWithoutARouteRefusesThePlugin) {
  run("handler-without-route");
  it_is_refused_because("it handles the route 'hidden', which its manifest does not declare");
}

TEST_F(BadPlugins, AnotherManifestThanTheFileBesideItRefusesThePlugin) {
  run("other-manifest");
  it_is_refused_because("was built with another manifest than the file beside it");
}

TEST_F(BadPlugins, ASharedObjectWithoutTheEntryIsRefused) {
  run("no-symbol");
  it_is_refused_because("does not export backplane_plugin_entry");
}

TEST_F(BadPlugins, AFileThatIsNoSharedObjectIsRefused) {
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

TEST_F(BadPlugins, AnUnknownPluginIsNamedWithTheFoldersThatWereSearched) {
  run("not-there");
  it_is_refused_because("there is no plugin \"not-there\"; looked for not-there.json in " BAD_PLUGINS);
  EXPECT_THAT(host.instance("not-there").reason(), HasSubstr("test.yaml:1:1"));
}

TEST_F(BadPlugins, AHandlerThatThrowsAnswers500AndThePluginLivesOn) {
  testing::internal::CaptureStderr();
  run("throws");
  EXPECT_EQ(host.ask({.path = "/throws"})->status(), 500);
  EXPECT_EQ(host.ask({.path = "/throws"})->status(), 500);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("[throws] an exception left on_request"));
  EXPECT_EQ(host.instance("throws").state(), State::kRunning);
}

TEST_F(BadPlugins, TheFirstOfManyAnswersCounts) {
  run("answers-twice");
  EXPECT_EQ(host.ask({.path = "/answers-twice"})->body(), "first");
  EXPECT_EQ(host.ask({.path = "/answers-twice"})->body(), "first");
}

TEST_F(BadPlugins, OneThatNeverAnswersLosesItsOperationsByDeadlineAndLeaksNoneOfThem) {
  run("never-answers");
  for (int round = 0; round < 3; ++round) {
    std::vector<std::shared_ptr<Exchange>> open;
    for (std::size_t i = 0; i < limits::kOperationsPerPluginMax; ++i)
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

TEST_F(BadPlugins, OneThatBlocksItsThreadIsShownAndGets503) {
  run("blocks");
  int held[2];
  int gate[2];
  ASSERT_EQ(::pipe(held), 0);
  ASSERT_EQ(::pipe(gate), 0);
  const auto blocking =
      host.send({.path = "/blocks", .query = std::to_string(held[1]) + "-" + std::to_string(gate[0])});
  char byte = 0;
  ASSERT_EQ(::read(held[0], &byte, 1), 1);
  host.clock.advance_ms(3000);
  host.supervisor->tick();
  EXPECT_EQ(host.instance("blocks").reason(), "blocked in on_request (route go) for 3 s");
  EXPECT_EQ(host.send({.path = "/blocks"})->status(), 503);
  the_good_one_answers();
  ASSERT_EQ(::write(gate[1], "x", 1), 1);
  ASSERT_TRUE(host.wait([&] { return blocking->finished; }));
  for (const int fd : {held[0], held[1], gate[0], gate[1]}) ::close(fd);
}

TEST_F(BadPlugins, AFloodIsBoundedEverywhere) {
  testing::internal::CaptureStderr();
  run("floods");
  const auto exchange = host.send({.path = "/floods"});
  exchange->reading = false;
  the_good_one_answers();
  ASSERT_TRUE(host.wait([&] { return exchange->operation->phase() == op::Operation::Phase::kEnding; }));
  exchange->reading = true;
  exchange->look();
  EXPECT_TRUE(exchange->finished);
  EXPECT_LE(exchange->body().size(), limits::kStreamWindowBytes);
  EXPECT_LE(host.instance("floods").metrics().size(), limits::kMetricsPerPluginMax);
  const std::string log = testing::internal::GetCapturedStderr();
  std::size_t lines = 0;
  for (auto at = log.find("[floods] flood"); at != std::string::npos; at = log.find("[floods] flood", at + 1)) ++lines;
  EXPECT_EQ(lines, limits::kLogLinesPerSecondMax);
}

TEST_F(BadPlugins, OneThatDoesNotStopIsReportedInTime) {
  run("stop-hangs");
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  host.ask({.path = "/stop-hangs", .query = std::to_string(gate[0])});
  std::optional<bool> clean;
  host.instance("stop-hangs").stop([&clean](bool outcome) { clean = outcome; });
  EXPECT_FALSE(clean.has_value());
  host.clock.advance_ms(limits::kPluginStopMs);
  host.supervisor->tick();
  EXPECT_EQ(clean, false);
  EXPECT_THAT(host.instance("stop-hangs").reason(), HasSubstr("it has not stopped within 5 s"));
  the_good_one_answers();
  ASSERT_EQ(::write(gate[1], "x", 1), 1);  // a daemon has left by now; the test waits, so that it leaks nothing
  EXPECT_TRUE(host.wait([this] { return host.instance("stop-hangs").state() == State::kStopped; }));
  for (const int fd : gate) ::close(fd);
}

}  // namespace
}  // namespace backplane::contract
