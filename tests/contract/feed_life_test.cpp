// Readers of a feed, and the lives of its plugin: who stays, who ends, and where a new life goes on.
#include <signal.h>

#include "contract/probe_test.hpp"
#include "op/limits.hpp"

namespace backplane::contract {
namespace {

using plugin::State;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class FeedLife : public ProbeTest {
 protected:
  void SetUp() override {
    ProbeTest::SetUp();
    reader_ = run("save:a,begin,attach:1:0,publish:1:one:place1,publish:1:two:place2");
    ASSERT_TRUE(host->wait([&] { return reader_->body() == "<one><two>"; }));
  }
  plugin::Instance& probe() { return host->instance("probe"); }
  bool wait_for(State state) {
    return host->wait([&] { return probe().state() == state; });
  }
  void crash() {
    ::kill(probe().process(), SIGABRT);
    ASSERT_TRUE(wait_for(State::kCrashed));
  }
  using Done = std::function<void(std::optional<base::Problem>)>;
  void order(const std::function<void(Done)>& give) {
    bool done = false;
    give([&done](const std::optional<base::Problem>& problem) {
      EXPECT_FALSE(problem) << problem->message();
      done = true;
    });
    EXPECT_TRUE(host->wait([&done] { return done; }));
  }
  void disable() {
    order([this](Done done) { host->supervisor->disable("probe", std::move(done)); });
  }
  std::vector<base::Problem> reload(const std::string& config_json) {
    std::optional<std::vector<base::Problem>> outcome;
    host->supervisor->reload(host->at_home({Host::settings("probe", "probe", config_json)}),
                             [&outcome](std::vector<base::Problem> found) { outcome = std::move(found); });
    EXPECT_TRUE(host->wait([&outcome] { return outcome.has_value(); }));
    return outcome.value_or(std::vector<base::Problem>());
  }
  // A life that has just come up was told to go on behind what the readers have, and they get what it publishes.
  void expect_it_goes_on() {
    EXPECT_THAT(journal_until("on_demand 1 1 'place2'"), Contains("start OK"));
    run("publish:1:three,respond:200");
    ASSERT_TRUE(host->wait([&] { return reader_->body().ends_with("<three>"); }));
    EXPECT_EQ(reader_->body(), "<one><two><three>");
    EXPECT_FALSE(reader_->operation->ended());
  }
  std::shared_ptr<Exchange> reader_;
};
INSTANTIATE_TEST_SUITE_P(Links, FeedLife, testing::ValuesIn(link_kinds()), kind_name);

class FeedProcess : public FeedLife {};
INSTANTIATE_TEST_SUITE_P(Links, FeedProcess, testing::Values(link_kinds().back()), kind_name);

TEST_P(FeedProcess, ReadersStayOverACrashAndTheNewLifeGoesOnBehindThem) {
  crash();
  EXPECT_FALSE(reader_->operation->ended());
  host->advance_ms(0);
  ASSERT_TRUE(wait_for(State::kRunning));
  expect_it_goes_on();
}

TEST_P(FeedProcess, ReadersStayOverARestartAndHoldNobodyUp) {
  const pid_t before = probe().process();
  order([this](Done done) { host->supervisor->restart("probe", std::move(done)); });
  EXPECT_NE(probe().process(), before);
  host->advance_ms(1);
  ASSERT_TRUE(host->wait([&] { return !host->supervisor->owns_process(before); }));
  expect_it_goes_on();
}

TEST_P(FeedProcess, WhatAReaderSaysToALifeThatIsGoneHoldsItUpNoLonger) {
  const auto talker = host->send({.path = "/socket", .query = "begin,attach:1:1"});
  ASSERT_TRUE(host->wait([&] { return host->feeds.at("probe/lines").readers() == 2; }));
  talker->operation->deliver(op::DataKind::kBinary, std::string(op::limits::kStreamWindowBytes, 'x'), false);
  ASSERT_EQ(talker->operation->receive_credit(), 0u);
  crash();
  EXPECT_EQ(talker->operation->receive_credit(), op::limits::kStreamWindowBytes);
  EXPECT_FALSE(talker->operation->ended());
}

TEST_P(FeedProcess, ALifeThatDoesNotComeUpChangesNothing) {
  ASSERT_EQ(reload(R"({"on_config":"restart","start":"fail"})").size(), 1u);
  run("publish:1:three,respond:200");
  ASSERT_TRUE(host->wait([&] { return reader_->body() == "<one><two><three>"; }));
}

TEST_P(FeedProcess, ReadersEndWhereTheNextLifeIsRefused) {
  crash();
  reload(R"({"start":"fail"})");
  ASSERT_TRUE(wait_for(State::kRefused));
  EXPECT_EQ(reader_->operation->end_reason(), op::End::kStopping);
}

TEST_P(FeedProcess, ReadersEndWhereItCrashesTooOften) {
  for (const std::int64_t wait_ms : {0, 500, 1000, 2000}) {
    crash();
    host->advance_ms(wait_ms);
    ASSERT_TRUE(wait_for(State::kRunning));
    EXPECT_FALSE(reader_->operation->ended());
  }
  ::kill(probe().process(), SIGABRT);
  ASSERT_TRUE(wait_for(State::kDisabled));
  EXPECT_EQ(reader_->operation->end_reason(), op::End::kStopping);
}

TEST_P(FeedProcess, ASubscriptionEndsWithTheLifeThatMadeIt) {
  EXPECT_THAT(journal_of("subscribe:1:host/log"), Contains("subscribe OK"));
  ASSERT_TRUE(host->wait([&] { return host->feeds.at("host/log").readers() == 1; }));
  crash();
  EXPECT_EQ(host->feeds.at("host/log").readers(), 0u);
}

TEST_P(FeedLife, ReadersEndWhereItIsDisabledAndTheirEndIsHeardOfOnce) {
  disable();
  EXPECT_EQ(reader_->operation->end_reason(), op::End::kStopping);
  order([this](Done done) { host->supervisor->enable("probe", std::move(done)); });
  EXPECT_EQ(host->feeds.at("probe/lines").readers(), 0u);
  EXPECT_THAT(journal_of("publish:1:x"), Not(Contains(HasSubstr("on_demand"))));
}

TEST_P(FeedLife, ReadersEndWithTheDaemon) {
  EXPECT_EQ(host->stop(), true);
  EXPECT_EQ(reader_->operation->end_reason(), op::End::kStopping);
}

}  // namespace
}  // namespace backplane::contract
