// Readers that are clients, with a real operation each.
#include "feed/attached_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "op/op_table.hpp"

namespace backplane::feed {
namespace {

using op::DataKind;
using testing::ElementsAre;
using testing::IsEmpty;

struct Ends final : op::Answerer {
  void on_end(op::End reason) override { reasons.push_back(reason); }
  std::vector<op::End> reasons;
};

struct AttachedReaderTest : testing::Test {
  // A client that has got its head and a backlog.
  std::shared_ptr<op::Operation> attach(Framing framing) {
    auto operation =
        std::make_shared<op::Operation>(std::make_shared<exchange::Request>(), exchange::kProblemStyle, 1000);
    table.open(operation);
    operation->set_answerer(ends);
    operation->set_wake([this] { ++wakes; });
    EXPECT_FALSE(operation->begin({}));
    EXPECT_FALSE(operation->write(framing.kind, "backlog"));
    auto reader = std::make_shared<AttachedReader>(*operation, std::move(framing));
    EXPECT_FALSE(operation->attach(reader));
    reader->join(feed, Reader::From::kNext);
    return operation;
  }
  void publish(std::string bytes, bool text = true) { feed.publish({std::move(bytes), "", text}); }
  static std::vector<std::string> sent(op::Operation& operation) {
    std::vector<std::string> pieces;
    while (auto data = operation.take_output()) {
      data->append_to(pieces.emplace_back());
      operation.sent(data->size());
    }
    return pieces;
  }

  base::ManualClock clock;
  op::OpTable table{clock};
  std::shared_ptr<Ends> ends = std::make_shared<Ends>();
  Feed feed{"probe/lines", 3, Feed::Memory::kWhileRead};
  int wakes = 0;
};

TEST_F(AttachedReaderTest, ItemsFollowTheBacklogWithTheirFraming) {
  const auto operation = attach({.prefix = "data: ", .suffix = "\n\n"});
  publish("one");
  publish("two");
  EXPECT_THAT(sent(*operation), ElementsAre("backlog", "data: one\n\n", "data: two\n\n"));
}

TEST_F(AttachedReaderTest, EveryReaderHasAFramingOfItsOwn) {
  const auto lines = attach({.suffix = "\n"});
  const auto messages = attach({.kind = DataKind::kBinary});
  publish("one");
  EXPECT_THAT(sent(*lines), ElementsAre("backlog", "one\n"));
  messages->take_output();
  EXPECT_EQ(messages->take_output()->kind, DataKind::kBinary);
}

TEST_F(AttachedReaderTest, TheConnectionIsWokenForNewItems) {
  const auto operation = attach({});
  sent(*operation);
  wakes = 0;
  publish("one");
  EXPECT_EQ(wakes, 1);
  EXPECT_TRUE(operation->has_output());
  sent(*operation);
  EXPECT_FALSE(operation->has_output());
  publish("two");
  EXPECT_EQ(wakes, 2);
}

TEST_F(AttachedReaderTest, ASlowOneIsToldHowManyItHasLostInTheirPlace) {
  const auto operation = attach({.prefix = "<", .suffix = ">", .lost = "{count} of {count} lost"});
  for (const char* text : {"1", "2", "3", "4", "5"}) publish(text);
  EXPECT_THAT(sent(*operation), ElementsAre("backlog", "2 of {count} lost", "<3>", "<4>", "<5>"));
  EXPECT_EQ(feed.items_lost(), 2u);
}

TEST_F(AttachedReaderTest, WhatIsLostBehindTheNoticeIsToldBeforeTheNextItem) {
  const auto operation = attach({.lost = "{count} lost"});
  for (const char* text : {"1", "2", "3", "4"}) publish(text);
  operation->take_output();  // the backlog
  EXPECT_EQ(operation->take_output()->bytes, "1 lost");
  for (const char* text : {"5", "6", "7"}) publish(text);
  EXPECT_TRUE(operation->has_output());
  EXPECT_THAT(sent(*operation), ElementsAre("2", "2 lost", "5", "6", "7"));  // 2 was taken already
}

TEST_F(AttachedReaderTest, WithoutATextForItALossIsSilent) {
  const auto operation = attach({});
  for (const char* text : {"1", "2", "3", "4"}) publish(text);
  EXPECT_THAT(sent(*operation), ElementsAre("backlog", "2", "3", "4"));
}

TEST_F(AttachedReaderTest, AMessageOfTextThatIsNoUtf8CountsAsLost) {
  const auto text = attach({.kind = DataKind::kText, .lost = "{count} lost"});
  const auto bytes = attach({.suffix = "\n"});
  publish("\xff", false);
  EXPECT_THAT(sent(*text), ElementsAre("backlog"));
  publish("good");
  EXPECT_THAT(sent(*text), ElementsAre("1 lost", "good"));
  EXPECT_THAT(sent(*bytes), ElementsAre("backlog", "\xff\n", "good\n"));
}

TEST_F(AttachedReaderTest, AnEmptyItemIsNoChunkAndIsAMessage) {
  const auto body = attach({});
  const auto lines = attach({.suffix = "\n"});
  const auto messages = attach({.kind = DataKind::kText});
  publish("");
  publish("next");
  EXPECT_THAT(sent(*body), ElementsAre("backlog", "next"));
  EXPECT_THAT(sent(*lines), ElementsAre("backlog", "\n", "next\n"));
  EXPECT_THAT(sent(*messages), ElementsAre("backlog", "", "next"));
}

TEST_F(AttachedReaderTest, AClientThatLeavesReadsNoMore) {
  const auto operation = attach({});
  operation->finish(op::End::kClientGone);
  EXPECT_EQ(feed.readers(), 0u);
  EXPECT_THAT(ends->reasons, ElementsAre(op::End::kClientGone));
  publish("one");
  EXPECT_THAT(sent(*operation), IsEmpty());
}

TEST_F(AttachedReaderTest, EndLeavesOutWhatTheFeedStillHolds) {
  const auto operation = attach({});
  publish("one");
  EXPECT_FALSE(operation->end());
  EXPECT_EQ(feed.readers(), 0u);
  EXPECT_THAT(sent(*operation), ElementsAre("backlog"));
  EXPECT_FALSE(operation->has_output());
}

TEST_F(AttachedReaderTest, ClientsEndWithTheFeedsWriter) {
  const auto first = attach({});
  const auto second = attach({});
  feed.end_clients();
  EXPECT_EQ(first->end_reason(), op::End::kStopping);
  EXPECT_EQ(second->end_reason(), op::End::kStopping);
  EXPECT_EQ(feed.readers(), 0u);
}

TEST_F(AttachedReaderTest, AClientMayLeaveBecauseOfAnItem) {
  const auto stays = attach({});
  const auto leaves = attach({});
  leaves->set_wake([&] { leaves->finish(op::End::kClientGone); });
  publish("one");
  EXPECT_EQ(feed.readers(), 1u);
  EXPECT_THAT(sent(*stays), ElementsAre("backlog", "one"));
}

TEST_F(AttachedReaderTest, AnOperationOutlivesItsFeed) {
  std::shared_ptr<op::Operation> operation;
  {
    Feed short_lived("probe/short", 3, Feed::Memory::kWhileRead);
    operation = attach({});
    auto other = std::make_shared<op::Operation>(std::make_shared<exchange::Request>(), exchange::kProblemStyle, 1000);
    table.open(other);
    EXPECT_FALSE(other->begin({}));
    auto reader = std::make_shared<AttachedReader>(*other, Framing{});
    EXPECT_FALSE(other->attach(reader));
    reader->join(short_lived, Reader::From::kNext);
    operation = other;
  }
  EXPECT_FALSE(operation->ended());
  EXPECT_FALSE(operation->has_output());
}

}  // namespace
}  // namespace backplane::feed
