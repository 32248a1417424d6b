// Hostile plugins that end, or never come to an end.
#include "hostile_plugins/hostile_test.hpp"
#include "link/limits.hpp"
#include "plugin/limits.hpp"

namespace backplane::contract {
namespace {

class Ends : public HostileTest {};

constexpr const char kFault[] = "it was ended by signal 11 (Segmentation fault)";

TEST_F(Ends, ACrashOnLoadIsTriedAgainAndThenGivenUp) {
  run("crashes-on-load");
  it_crashed_because(kFault);
  for (const std::int64_t wait_ms : {0, 500, 1000, 2000}) {
    const std::uint64_t crashes = bad().crashes();
    host->advance_ms(wait_ms);
    ASSERT_TRUE(wait([&] { return bad().crashes() > crashes; })) << wait_ms;
  }
  EXPECT_EQ(bad().state(), State::kDisabled);
  EXPECT_THAT(bad().reason(), AllOf(StartsWith("it crashed 5 times within 10 minutes"), HasSubstr(kFault),
                                    HasSubstr("backplanectl plugin enable crashes-on-load")));
  EXPECT_THAT(host->notices, Contains(StartsWith("plugin.disabled crashes-on-load: ")));
}

TEST_F(Ends, ACrashInCreateIsNamed) {
  run("crashes-in-create");
  it_crashed_because(kFault);
}

TEST_F(Ends, ACrashInStartIsNamed) {
  run("crashes-in-start");
  it_crashed_because(kFault);
}

TEST_F(Ends, ACrashInAHandlerAnswers502) {
  run("crashes-in-a-handler");
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because(kFault);
}

TEST_F(Ends, ACrashInStopIsLoggedAndTheStopGoesOn) {
  run("crashes-in-stop");
  testing::internal::CaptureStderr();
  std::optional<bool> clean;
  bad().stop([&clean](bool outcome) { clean = outcome; });
  EXPECT_TRUE(wait([&clean] { return clean.has_value(); }));
  EXPECT_EQ(clean, true);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr(std::string("plugin crashes-in-stop ended while it stopped: ") + kFault));
}

TEST_F(Ends, AnExitIsNamedWithItsStatus) {
  run("exits");
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because("it left with status 7");
}

TEST_F(Ends, AnAbortIsNamed) {
  run("aborts");
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because("it was ended by signal 6 (Aborted)");
}

TEST_F(Ends, AnExceptionOutOfAThreadLeavesItsLastWordsInTheLog) {
  run("throws-in-a-thread");
  testing::internal::CaptureStderr();
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because("it was ended by signal 6 (Aborted)");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              AllOf(HasSubstr("[throws-in-a-thread] terminate called after throwing an instance of "),
                    HasSubstr("[throws-in-a-thread]   what():  thrown on purpose")));
}

TEST_F(Ends, OneThatNeverComesBackIsShownAndThenKilled) {
  run("spins");
  const auto waiting = send();
  ASSERT_TRUE(wait_until_it_begins());
  let_pass(link::limits::kPluginBlockedMs);
  EXPECT_EQ(bad().state(), State::kBlocked);
  EXPECT_EQ(bad().reason(), "blocked in on_request (route go) for 2 s");
  EXPECT_EQ(send()->status(), 503);
  let_pass(link::limits::kProcessStalledMs - link::limits::kPluginBlockedMs);
  it_crashed_because("it was blocked in on_request for 10 s; it was killed");
  EXPECT_EQ(waiting->status(), 502);
}

TEST_F(Ends, OneThatNeverFinishesLoadingIsRefusedAndKilled) {
  start_without_waiting("spins-on-load");
  let_pass(plugin::limits::kPluginStartMs);
  EXPECT_EQ(bad().state(), State::kRefused);
  EXPECT_THAT(bad().reason(), StartsWith("it has not answered start within 10 s"));
  EXPECT_NE(bad().process(), 0);
  let_pass(link::limits::kPluginStopMs);
  EXPECT_TRUE(wait([this] { return bad().process() == 0; }));
  EXPECT_EQ(bad().state(), State::kRefused);
}

}  // namespace
}  // namespace backplane::contract
