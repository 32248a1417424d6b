// Hostile plugins that say too much, or hear nothing.
#include "hostile_plugins/hostile_test.hpp"
#include "link/limits.hpp"

namespace backplane::contract {
namespace {

class Floods : public HostileTest {
 protected:
  // Lets the others go on beside it for a good while.
  void the_good_one_answers_many_times() {
    for (int time = 0; time < 300; ++time) the_good_one_answers();
  }
  static std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
  }
};

TEST_F(Floods, LogsMetricsAndStatesAreBoundedAndTheOthersAnswer) {
  run("floods-the-connection");
  testing::internal::CaptureStderr();
  const auto waiting = send();
  ASSERT_TRUE(wait([this] { return bad().metrics().size() == link::limits::kMetricsPerPluginMax; }));
  the_good_one_answers_many_times();
  EXPECT_EQ(count(testing::internal::GetCapturedStderr(), "] flood"), link::limits::kLogLinesPerSecondMax);
  EXPECT_EQ(bad().metrics().size(), link::limits::kMetricsPerPluginMax);
  waiting->operation->finish(op::End::kClientGone);
}

TEST_F(Floods, LargeFramesLeaveTheOthersTheirTurns) {
  run("floods-with-answers");
  const auto waiting = send();
  the_good_one_answers_many_times();
  waiting->operation->finish(op::End::kClientGone);
}

TEST_F(Floods, StandardErrorIsBoundedAndCannotForgeTheLog) {
  run("floods-standard-error");
  testing::internal::CaptureStderr();
  const auto waiting = send();
  the_good_one_answers_many_times();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(count(log, "[floods-standard-error] flood \\x1b[2J forged"), link::limits::kLogLinesPerSecondMax);
  EXPECT_THAT(log, Not(HasSubstr("\x1b")));
  waiting->operation->finish(op::End::kClientGone);
}

TEST_F(Floods, WhatIsSentToOneThatReadsNothingIsBoundedAndItIsKilled) {
  run("stops-reading");
  std::vector<std::shared_ptr<Exchange>> open{send()};
  ASSERT_TRUE(wait_until_it_begins());
  while (open.size() < link::limits::kOperationsPerPluginMax) open.push_back(send());
  for (int more = 0; more < 1000; ++more) EXPECT_EQ(send()->status(), 503);
  // A client's body goes on, and nobody takes it.
  const std::string piece(64 * 1024, 'b');
  for (int pieces = 0; pieces < 1000 && !open.back()->operation->ended(); ++pieces) {
    open.back()->operation->deliver(op::DataKind::kBytes, piece, false);
    the_good_one_answers();
  }
  EXPECT_EQ(bad().counts().overruns, 1u) << "its queue is full before memory is";
  EXPECT_EQ(open.back()->status(), 503);
  let_pass(link::limits::kProcessStalledMs);
  it_crashed_because("it was blocked in on_request for 10 s; it was killed");
  for (std::size_t i = 0; i + 1 < open.size(); ++i) EXPECT_EQ(open[i]->status(), 502) << i;
}

}  // namespace
}  // namespace backplane::contract
