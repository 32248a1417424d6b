// The host's side of feeds against a plugin that says what it likes, as one in a process of its own may.
#include "link/feed_bridge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "feed/limits.hpp"
#include "link/limits.hpp"
#include "op/op_table.hpp"

namespace backplane::link {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Keeps what the host sends.
struct Sent final : Link {
  void start() override {}
  bool deliver(Message message) override {
    messages.push_back(std::move(message));
    return true;
  }
  void stop() override {}
  void kill(std::string reason) override { killed = std::move(reason); }
  std::optional<Blocked> blocked() const override { return std::nullopt; }

  std::vector<Message> take(Code code) {
    std::vector<Message> found;
    for (Message& message : std::exchange(messages, {})) {
      if (message.code == code) found.push_back(std::move(message));
    }
    return found;
  }
  std::vector<Message> messages;
  std::string killed;
};

Settings settings() {
  Settings settings;
  settings.instance = "probe";
  settings.feeds = {{"lines", 4}, {"other", 4}};
  settings.feeds_readable = {"host/log", "host/kept"};
  return settings;
}

struct Life {
  explicit Life(feed::Feeds& feeds) : operations(link), bridge(link, operations, feeds, settings()) {}
  void say(Message message) { bridge.handle(message); }
  Sent link;
  OpBridge operations;
  FeedBridge bridge;
};

struct FeedBridgeTest : testing::Test {
  FeedBridgeTest() { life.bridge.become_writer(); }
  std::shared_ptr<op::Operation> open(Life& of, bool begun = true) {
    auto operation =
        std::make_shared<op::Operation>(std::make_shared<exchange::Request>(), exchange::kProblemStyle, 1000);
    table.open(operation);
    EXPECT_TRUE(of.operations.open(operation, {0, false, true}));
    Message begin{Code::kBegin, operation->number(), exchange::Response{.status = 200}};
    if (begun) of.operations.handle(begin);
    return operation;
  }
  feed::Feed& lines() { return feeds.at("probe/lines"); }

  base::ManualClock clock;
  op::OpTable table{clock};
  feed::Feeds feeds;
  Life life{feeds};
};

TEST_F(FeedBridgeTest, AFeedThatIsNoneTakesNothing) {
  const auto operation = open(life);
  life.say({Code::kPublish, 2, Item{"x", "", 0}});
  life.say({Code::kPublish, ~std::uint64_t{0}, Item{"x", "", 0}});
  life.say({Code::kAttach, operation->number(), Attach{2, {}}});
  EXPECT_FALSE(operation->attached());
  EXPECT_EQ(lines().readers(), 0u);
}

TEST_F(FeedBridgeTest, OnlyABegunOperationOfItsOwnBecomesAReader) {
  Life other(feeds);
  const auto waiting = open(life, false);
  const auto theirs = open(other);
  life.say({Code::kAttach, waiting->number(), Attach{0, {}}});
  life.say({Code::kAttach, theirs->number(), Attach{0, {}}});
  life.say({Code::kAttach, 12345, Attach{0, {}}});
  EXPECT_EQ(waiting->phase(), op::Operation::Phase::kWhole);
  EXPECT_EQ(waiting->take_response().status, 503);
  EXPECT_FALSE(theirs->ended());
  EXPECT_FALSE(theirs->attached());
  EXPECT_EQ(lines().readers(), 0u);
}

TEST_F(FeedBridgeTest, AFramingOfTheWrongKindOrASecondAttachEndsTheOperation) {
  const auto wrong = open(life);
  life.say({Code::kAttach, wrong->number(), Attach{0, {op::DataKind::kText, "", "", ""}}});
  EXPECT_EQ(wrong->end_reason(), op::End::kOverrun);
  const auto twice = open(life);
  life.say({Code::kAttach, twice->number(), Attach{0, {}}});
  EXPECT_TRUE(twice->attached());
  life.say({Code::kAttach, twice->number(), Attach{1, {}}});
  EXPECT_EQ(twice->end_reason(), op::End::kOverrun);
  EXPECT_EQ(lines().readers(), 0u);
  EXPECT_EQ(life.operations.open_count(), 0u);
  EXPECT_EQ(life.operations.streams(), 0u);
}

TEST_F(FeedBridgeTest, AWriteBehindAnAttachEndsTheOperation) {
  const auto operation = open(life);
  life.say({Code::kAttach, operation->number(), Attach{0, {}}});
  Message write{Code::kWrite, operation->number(), Data{op::DataKind::kBytes, "x", false}};
  life.operations.handle(write);
  EXPECT_EQ(operation->end_reason(), op::End::kOverrun);
}

TEST_F(FeedBridgeTest, ALifeThatIsNotTheWriterPublishesForNobody) {
  const auto reader = open(life);
  life.say({Code::kAttach, reader->number(), Attach{0, {}}});
  Life next(feeds);
  next.say({Code::kPublish, 0, Item{"early", "", 0}});
  EXPECT_FALSE(reader->has_output());
  life.bridge.close();
  next.bridge.become_writer();
  life.say({Code::kPublish, 0, Item{"late", "", 0}});
  EXPECT_FALSE(reader->has_output());
  next.say({Code::kPublish, 0, Item{"good", "", 0}});
  EXPECT_EQ(*reader->take_output()->shared, "good");
}

TEST_F(FeedBridgeTest, WhatALifeHandsOverThatHasBeenReplacedIsEnded) {
  const auto operation = open(life);
  life.bridge.close();
  life.say({Code::kAttach, operation->number(), Attach{0, {}}});
  EXPECT_EQ(operation->end_reason(), op::End::kStopping);
}

TEST_F(FeedBridgeTest, DemandSaysHowManyAttachesWereSeen) {
  const auto operation = open(life);
  life.say({Code::kAttach, operation->number(), Attach{0, {}}});
  operation->finish(op::End::kClientGone);
  life.say({Code::kAttach, operation->number(), Attach{0, {}}});  // too late
  const auto demands = life.link.take(Code::kDemand);
  ASSERT_THAT(demands, SizeIs(3));
  EXPECT_TRUE(std::get<Demand>(demands[0].payload).wanted);
  EXPECT_FALSE(std::get<Demand>(demands[1].payload).wanted);
  EXPECT_EQ(std::get<Demand>(demands[1].payload).attaches, 1u);
  EXPECT_FALSE(std::get<Demand>(demands[2].payload).wanted);
  EXPECT_EQ(std::get<Demand>(demands[2].payload).attaches, 2u);
}

TEST_F(FeedBridgeTest, OnlyGrantedFeedsAreReadAndOneNumberOnce) {
  life.say({Code::kSubscribe, 1, Subscribe{"other/secrets"}});
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  EXPECT_EQ(feeds.at("host/log").readers(), 1u);
  std::vector<std::string> names;
  feeds.each([&names](const feed::Feed& feed) { names.push_back(feed.name()); });
  EXPECT_THAT(names, ElementsAre("host/log", "probe/lines", "probe/other"));
  life.say({Code::kUnsubscribe, 7, {}});
  life.say({Code::kUnsubscribe, 1, {}});
  EXPECT_EQ(feeds.at("host/log").readers(), 0u);
}

TEST_F(FeedBridgeTest, SubscriptionsAreBounded) {
  for (std::uint64_t number = 0; number < 100; ++number) life.say({Code::kSubscribe, number, Subscribe{"host/log"}});
  EXPECT_EQ(feeds.at("host/log").readers(), limits::kSubscriptionsPerPluginMax);
}

TEST_F(FeedBridgeTest, APluginThatSubscribesFasterThanItReadsIsEnded) {
  feed::Feed& log = feeds.remembering("host/kept", 4);
  log.publish({"kept", "", true});
  std::size_t sent = 0;
  for (std::uint64_t number = 0; number < 10'000 && life.link.killed.empty(); ++number) {
    life.say({Code::kSubscribe, number, Subscribe{"host/kept"}});
    life.say({Code::kUnsubscribe, number, {}});
    sent += life.link.take(Code::kItem).size();
  }
  EXPECT_EQ(life.link.killed, "it subscribes to feeds faster than it reads them");
  EXPECT_EQ(sent, limits::kSubscriptionsKnownMax);
}

TEST_F(FeedBridgeTest, WhoTakesWhatItWasSentMaySubscribeAsOftenAsItLikes) {
  feed::Feed& log = feeds.remembering("host/kept", 4);
  log.publish({"kept", "", true});
  for (std::uint64_t number = 0; number < 1000; ++number) {
    life.say({Code::kSubscribe, number, Subscribe{"host/kept"}});
    life.say({Code::kUnsubscribe, number, {}});
    EXPECT_EQ(life.link.take(Code::kItem).size(), 1u);
    life.say({Code::kItemsTaken, number, Count{1}});
  }
  EXPECT_EQ(life.link.killed, "");
}

TEST_F(FeedBridgeTest, ALifeThatIsClosedReadsNothing) {
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  life.bridge.close();
  life.say({Code::kSubscribe, 2, Subscribe{"host/log"}});
  EXPECT_EQ(feeds.at("host/log").readers(), 0u);
}

TEST_F(FeedBridgeTest, SoManyItemsAreSentAheadAndMoreAsTheyAreTaken) {
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  feed::Feed& log = feeds.at("host/log");
  for (std::size_t i = 0; i < limits::kSubscriptionItemsMax + 5; ++i) log.publish({"x", "", true});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(limits::kSubscriptionItemsMax));
  life.say({Code::kItemsTaken, 1, Count{2}});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(2));
  life.say({Code::kItemsTaken, 1, Count{limits::kSubscriptionItemsMax}});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(3));
  life.say({Code::kItemsTaken, 2, Count{1}});  // nobody's
}

TEST_F(FeedBridgeTest, WhatIsSentAheadIsBoundedInBytesToo) {
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  feed::Feed& log = feeds.at("host/log");
  for (int i = 0; i < 5; ++i) log.publish({std::string(feed::limits::kFeedItemBytesMax, 'x'), "", true});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(limits::kSubscriptionBytesMax / feed::limits::kFeedItemBytesMax));
  life.say({Code::kItemsTaken, 1, Count{1}});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(1));
}

TEST_F(FeedBridgeTest, MoreTakenThanSentOpensNoFurtherRoom) {
  life.say({Code::kSubscribe, 1, Subscribe{"host/log"}});
  for (int i = 0; i < 10; ++i) life.say({Code::kItemsTaken, 1, Count{limits::kSubscriptionItemsMax}});
  for (std::size_t i = 0; i < 2 * limits::kSubscriptionItemsMax; ++i) feeds.at("host/log").publish({"x", "", true});
  EXPECT_THAT(life.link.take(Code::kItem), SizeIs(limits::kSubscriptionItemsMax));
}

}  // namespace
}  // namespace backplane::link
