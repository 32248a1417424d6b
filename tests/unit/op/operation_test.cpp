#include "op/operation.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "base/clock.hpp"
#include "exchange/dialects/styles.hpp"
#include "op/limits.hpp"
#include "op/op_table.hpp"

namespace backplane::op {
namespace {

struct Recorder final : Answerer {
  void on_data(DataKind, std::string_view bytes, bool) override { received += bytes; }
  void on_writable() override { ++writable; }
  void on_end(End reason) override { ends.push_back(reason); }
  std::string received;
  int writable = 0;
  std::vector<End> ends;
};

struct OperationTest : testing::Test {
  std::shared_ptr<Operation> open(std::int64_t timeout_ms = 1000) {
    auto request = std::make_shared<exchange::Request>();
    auto operation = std::make_shared<Operation>(request, exchange::kKvmdStyle, timeout_ms);
    operation->set_answerer(recorder);
    operation->set_wake([this] { ++wakes; });
    table.open(operation);
    return operation;
  }
  base::ManualClock clock;
  OpTable table{clock};
  std::shared_ptr<Recorder> recorder = std::make_shared<Recorder>();
  int wakes = 0;
};

TEST_F(OperationTest, EndsExactlyOnceAndIsGoneForEveryLaterCall) {
  auto operation = open();
  operation->finish(End::kClientGone);
  operation->finish(End::kDone);
  EXPECT_EQ(recorder->ends, std::vector<End>{End::kClientGone});
  EXPECT_EQ(operation->respond({}), base::Error::kGone);
  EXPECT_EQ(operation->begin({}), base::Error::kGone);
  EXPECT_EQ(operation->write(DataKind::kBytes, "x"), base::Error::kGone);
  EXPECT_EQ(operation->end(), base::Error::kGone);
  EXPECT_EQ(operation->consume(1), base::Error::kGone);
  EXPECT_EQ(table.find(operation->number()), nullptr);
}

TEST_F(OperationTest, ASecondAnswerIsRefusedAndTheFirstOneStands) {
  auto operation = open();
  EXPECT_FALSE(operation->respond({.status = 201}));
  EXPECT_EQ(operation->respond({.status = 202}), base::Error::kInvalid);
  EXPECT_EQ(operation->begin({.status = 203}), base::Error::kInvalid);
  EXPECT_EQ(operation->take_response().status, 201);
}

TEST_F(OperationTest, WriteTakesAllOrNothingAndSaysWhenThereIsRoomAgain) {
  auto operation = open();
  const std::string window(limits::kStreamWindowBytes, 'a');
  EXPECT_EQ(operation->write(DataKind::kBytes, "early"), base::Error::kInvalid);
  ASSERT_FALSE(operation->begin({}));
  EXPECT_EQ(operation->write(DataKind::kBytes, window + "b"), base::Error::kLimit);
  EXPECT_FALSE(operation->write(DataKind::kBytes, window));
  EXPECT_EQ(operation->write(DataKind::kBytes, "b"), base::Error::kAgain);
  EXPECT_EQ(operation->take_output()->bytes.size(), window.size());
  EXPECT_EQ(recorder->writable, 0);  // taken is not sent
  operation->sent(window.size());
  EXPECT_EQ(recorder->writable, 1);
  EXPECT_FALSE(operation->write(DataKind::kBytes, "b"));
}

TEST_F(OperationTest, ManySmallPiecesAreBoundedToo) {
  auto operation = open();
  ASSERT_FALSE(operation->begin({}));
  for (std::size_t i = 0; i < limits::kStreamPiecesMax; ++i) ASSERT_FALSE(operation->write(DataKind::kText, ""));
  EXPECT_EQ(operation->write(DataKind::kText, ""), base::Error::kAgain);
}

TEST_F(OperationTest, ReceivedBytesCountAgainstTheWindowUntilConsumed) {
  auto operation = open();
  operation->deliver(DataKind::kBytes, std::string(1000, 'x'), false);
  EXPECT_EQ(operation->receive_credit(), limits::kStreamWindowBytes - 1000);
  EXPECT_EQ(operation->consume(1001), base::Error::kInvalid);
  EXPECT_FALSE(operation->consume(1000));
  EXPECT_EQ(operation->receive_credit(), limits::kStreamWindowBytes);
}

// Pieces that a test puts there.
struct Pieces final : Source {
  bool ready() const override { return !pieces.empty(); }
  std::optional<Data> take() override {
    if (pieces.empty()) return std::nullopt;
    Data data{DataKind::kBytes, std::move(pieces.front())};
    pieces.pop_front();
    return data;
  }
  std::deque<std::string> pieces;
};

TEST_F(OperationTest, ASourceFollowsWhatWasWrittenAndTakesThePlaceOfWrite) {
  auto operation = open();
  auto source = std::make_shared<Pieces>();
  EXPECT_EQ(operation->attach(source), base::Error::kInvalid);  // not begun
  ASSERT_FALSE(operation->begin({}));
  ASSERT_FALSE(operation->write(DataKind::kBytes, "written"));
  EXPECT_FALSE(operation->attach(source));
  EXPECT_TRUE(operation->attached());
  EXPECT_EQ(operation->attach(source), base::Error::kInvalid);
  EXPECT_EQ(operation->write(DataKind::kBytes, "x"), base::Error::kInvalid);
  source->pieces = {"first", "second"};
  EXPECT_EQ(operation->take_output()->bytes, "written");
  EXPECT_TRUE(operation->has_output());
  EXPECT_EQ(operation->take_output()->bytes, "first");
  operation->sent(12);
  EXPECT_EQ(operation->take_output()->bytes, "second");
  EXPECT_FALSE(operation->has_output());
  EXPECT_FALSE(operation->take_output());
}

TEST_F(OperationTest, EndLeavesOutWhatTheSourceHoldsAndTheSourceIsLetGo) {
  auto operation = open();
  auto source = std::make_shared<Pieces>();
  source->pieces = {"left out"};
  ASSERT_FALSE(operation->begin({}));
  ASSERT_FALSE(operation->attach(source));
  EXPECT_FALSE(operation->end());
  EXPECT_EQ(source.use_count(), 1);
  EXPECT_FALSE(operation->take_output());
  EXPECT_EQ(operation->phase(), Operation::Phase::kEnding);
}

TEST_F(OperationTest, AnEndedOneHasNoSource) {
  auto operation = open();
  auto source = std::make_shared<Pieces>();
  ASSERT_FALSE(operation->begin({}));
  ASSERT_FALSE(operation->attach(source));
  operation->finish(End::kClientGone);
  EXPECT_EQ(source.use_count(), 1);
  EXPECT_FALSE(operation->attached());
  EXPECT_EQ(operation->attach(source), base::Error::kGone);
}

TEST_F(OperationTest, OneThatOnlyTheTableHoldsMayBeEnded) {
  Operation& operation = *open();
  operation.set_answerer(nullptr);
  ASSERT_EQ(table.size(), 1u);
  operation.finish(End::kStopping);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(wakes, 1);
}

TEST_F(OperationTest, TheConnectionIsWokenByItsSource) {
  auto operation = open();
  ASSERT_FALSE(operation->begin({}));
  ASSERT_FALSE(operation->attach(std::make_shared<Pieces>()));
  const int before = wakes;
  operation->source_ready();
  EXPECT_EQ(wakes, before + 1);
}

TEST_F(OperationTest, WhereNobodyAnswersAnyMoreAllCountsAsConsumed) {
  auto operation = open();
  operation->deliver(DataKind::kBinary, std::string(limits::kStreamWindowBytes, 'x'), false);
  ASSERT_EQ(operation->receive_credit(), 0u);
  const int before = wakes;
  operation->set_answerer(nullptr);
  EXPECT_EQ(operation->receive_credit(), limits::kStreamWindowBytes);
  EXPECT_EQ(wakes, before + 1);
  operation->deliver(DataKind::kBinary, "for nobody", false);
  EXPECT_EQ(operation->receive_credit(), limits::kStreamWindowBytes);
}

TEST_F(OperationTest, TheDeadlineRunsFromTheLastByteUntilTheAnswer) {
  auto late = open(1000);
  auto in_time = open(1000);
  auto body_still_coming = open(1000);
  table.start_deadline(*late);
  table.start_deadline(*in_time);
  clock.advance_ms(999);
  table.end_overdue();
  EXPECT_FALSE(late->ended());
  ASSERT_FALSE(in_time->respond({}));
  clock.advance_ms(1);
  table.end_overdue();
  EXPECT_EQ(late->end_reason(), End::kDeadline);
  EXPECT_FALSE(in_time->ended());
  EXPECT_FALSE(body_still_coming->ended());
}

TEST_F(OperationTest, TheTableTellsOnceWhenItIsEmpty) {
  int told = 0;
  table.when_empty([&] { ++told; });
  EXPECT_EQ(told, 1);
  auto operation = open();
  table.when_empty([&] { ++told; });
  EXPECT_EQ(told, 1);
  table.end_if([](const Operation&) { return true; }, End::kStopping);
  EXPECT_EQ(told, 2);
  EXPECT_EQ(operation->end_reason(), End::kStopping);
}

TEST_F(OperationTest, AStreamThatHasNothingToSendEndsWhileTheDaemonDrains) {
  auto idle = open();
  auto busy = open();
  auto waiting = open();
  idle->begin({});
  busy->begin({});
  table.end_idle_streams();
  EXPECT_FALSE(idle->ended());  // it has just begun
  busy->write(DataKind::kBytes, "piece");
  table.end_idle_streams();
  EXPECT_EQ(idle->end_reason(), End::kStopping);
  EXPECT_FALSE(busy->ended());  // its piece is not sent yet
  busy->sent(busy->take_output()->bytes.size());
  table.end_idle_streams();
  EXPECT_FALSE(busy->ended());
  table.end_idle_streams();
  EXPECT_EQ(busy->end_reason(), End::kStopping);
  EXPECT_FALSE(waiting->ended());  // its answer may still come
}

}  // namespace
}  // namespace backplane::op
