// backplane.loop/1 and host->post: the plugin's own thread.
#include "contract/probe_test.hpp"
#include "link/limits.hpp"

namespace backplane::contract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class Loop : public ProbeTest {};
INSTANTIATE_TEST_SUITE_P(Links, Loop, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Loop, APostWakesThePluginFromItsOwnAndFromAnyThread) {
  EXPECT_THAT(journal_of("post:5,post_elsewhere:6"), testing::IsSupersetOf({"post OK", "post_elsewhere OK"}));
  journal_of("post:7");
  journal_until("on_post 7");
}

TEST_P(Loop, PostsAreBounded) {
  EXPECT_THAT(journal_of("post_many"),
              ElementsAre("post_many " + std::to_string(link::limits::kPluginPostsMax) + " AGAIN"));
  journal_of("post:9");  // they have been heard, so there is room again
  journal_until("on_post 9");
}

TEST_P(Loop, MissedPeriodsOfATimerMergeIntoOneEvent) {
  Gate gate(*host);
  journal_of("timer:1:100:100");
  const auto blocking = run(gate.hold());
  gate.wait_until_held();
  host->clock.advance_ms(950);
  gate.open();
  const auto lines = journal_until("on_timer 1");
  EXPECT_THAT(lines, Contains("on_timer 1").Times(1));
  journal_of("");  // a turn of the loop, with its timers
  EXPECT_THAT(journal(), Not(Contains("on_timer 1")));
  host->clock.advance_ms(50);  // still in step: the tenth period
  journal_until("on_timer 1");
}

TEST_P(Loop, ATimerWithoutPeriodComesOnceAndACancelledOneNever) {
  journal_of("timer:1:100:0,timer:2:100:0,timer:3:100:0");
  EXPECT_THAT(journal_of("cancel:2,cancel:2"), ElementsAre("cancel OK", "cancel GONE"));
  host->clock.advance_ms(100);
  auto lines = journal_until("on_timer 3");
  EXPECT_THAT(lines, Not(Contains("on_timer 2")));
  host->clock.advance_ms(1000);
  EXPECT_THAT(journal_of("cancel:1"), ElementsAre("cancel GONE"));
}

TEST_P(Loop, ATimerSetAgainTakesThePlaceOfTheFirst) {
  journal_of("timer:1:100:0,timer:1:500:0");
  host->clock.advance_ms(499);
  journal_of("");  // a turn of the loop, with its timers
  EXPECT_THAT(journal(), Not(Contains("on_timer 1")));
  host->clock.advance_ms(1);
  journal_until("on_timer 1");
}

TEST_P(Loop, TimersAreCheckedAndBounded) {
  EXPECT_THAT(journal_of("timer:1:-1:0,timer:1:0:-1"), ElementsAre("timer INVALID", "timer INVALID"));
  EXPECT_THAT(journal_of("timers"),
              ElementsAre("timers " + std::to_string(link::limits::kTimersPerPluginMax) + " LIMIT"));
}

TEST_P(Loop, AWatchedDescriptorTellsWhenItIsReadyUntilItIsUnwatched) {
  EXPECT_THAT(journal_of("watch_pipe:4,watch_pipe:4,watch_pipe:5,feed_pipe"),
              ElementsAre("watch_pipe OK", "watch_pipe CONFLICT", "watch_pipe CONFLICT"));
  journal_until("on_fd 4 1");
  journal();
  EXPECT_THAT(journal_of("unwatch:4,unwatch:4,feed_pipe"), ElementsAre("unwatch OK", "unwatch GONE"));
  journal_of("");
  EXPECT_THAT(journal(), Not(Contains("on_fd 4 1")));
}

TEST_P(Loop, ADescriptorThatCannotBePolledIsRefused) {
  EXPECT_THAT(journal_of("watch_bad:1,watch_events:1"), ElementsAre("watch_bad INVALID", "watch_events INVALID"));
  journal_of("watch_pipe:1,unwatch:1");
  EXPECT_THAT(journal_of("watch_elsewhere:2"), ElementsAre("watch_elsewhere INVALID"));
}

TEST_P(Loop, BlockingWorkRunsBesideThePluginAndItsEndComesBack) {
  Gate gate(*host);
  EXPECT_THAT(journal_of("work:11:" + gate.reader() + ",work_null:12"), ElementsAre("work OK", "work_null INVALID"));
  EXPECT_THAT(journal(), Not(Contains("on_blocking_done 11")));  // and the plugin answers meanwhile
  gate.open();
  journal_until("on_blocking_done 11");
}

TEST_P(Loop, BlockingWorkIsBounded) {
  Gate gate(*host);
  std::string steps;
  for (std::size_t i = 0; i <= link::limits::kBlockingJobsMax; ++i) {
    steps += (i == 0 ? "work:" : ",work:") + std::to_string(100 + i) + ":" + gate.reader();
  }
  const auto lines = journal_of(steps);
  EXPECT_THAT(lines, Contains("work OK").Times(link::limits::kBlockingJobsMax));
  EXPECT_EQ(lines.back(), "work AGAIN");
  gate.open(link::limits::kBlockingJobsMax);
  std::vector<std::string> heard;
  while (std::count_if(heard.begin(), heard.end(), [](const std::string& line) {
           return line.starts_with("on_blocking_done");
         }) < static_cast<std::ptrdiff_t>(link::limits::kBlockingJobsMax)) {
    for (std::string& line : journal()) heard.push_back(std::move(line));
  }
}

}  // namespace
}  // namespace backplane::contract
