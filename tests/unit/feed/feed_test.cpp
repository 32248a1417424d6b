#include "feed/feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "feed/limits.hpp"

namespace backplane::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using From = Reader::From;

Item item(std::string bytes, std::string id = "") {
  return {std::move(bytes), std::move(id), true};
}

// Takes all there is when a test says so, and before that what a test puts into `then`.
class Collector final : public Reader {
 public:
  std::vector<std::string> take_all() {
    std::vector<std::string> taken;
    while (const auto one = take()) {
      if (one->lost != 0) taken.push_back("lost " + std::to_string(one->lost));
      taken.push_back(one->item->bytes);
    }
    return taken;
  }
  std::string take_one() { return take()->item->bytes; }
  bool is_client() const override { return client; }

  int told = 0;
  int closed = 0;
  bool client = false;
  std::function<void()> then;

 private:
  void on_items() override {
    ++told;
    if (then) then();
  }
  void on_closed() override {
    ++closed;
    if (then) then();
  }
};

struct Demands final : Writer {
  void on_demand(const Feed& feed) override {
    heard.push_back((feed.wanted() ? "wanted after '" : "unwanted after '") + feed.last_id() + "'");
  }
  std::vector<std::string> heard;
};

struct FeedTest : testing::Test {
  FeedTest() { feed.set_writer(&demands); }
  Demands demands;
  Demands next;
  Feed feed{"probe/lines", 4, Feed::Memory::kWhileRead};
  Collector early;
  Collector late;
};

TEST_F(FeedTest, AReaderGetsWhatIsPublishedAfterItCame) {
  early.join(feed, From::kNext);
  feed.publish(item("1"));
  late.join(feed, From::kNext);
  feed.publish(item("2"));
  EXPECT_THAT(early.take_all(), ElementsAre("1", "2"));
  EXPECT_THAT(late.take_all(), ElementsAre("2"));
}

TEST_F(FeedTest, AReaderMayBeginWithWhatIsKept) {
  early.join(feed, From::kNext);
  feed.publish(item("1"));
  late.join(feed, From::kKept);
  EXPECT_EQ(late.told, 1);
  EXPECT_THAT(late.take_all(), ElementsAre("1"));
}

TEST_F(FeedTest, WhoFallsBehindTheDepthLosesTheOldestAloneAndLearnsHowMany) {
  early.join(feed, From::kNext);
  late.join(feed, From::kNext);
  for (const char* text : {"1", "2", "3", "4", "5", "6"}) {
    feed.publish(item(text));
    early.take_all();
  }
  EXPECT_THAT(late.take_all(), ElementsAre("lost 2", "3", "4", "5", "6"));
  EXPECT_EQ(feed.items_lost(), 2u);
}

TEST_F(FeedTest, TheLossIsToldOnceAndAgainAfterTheNext) {
  early.join(feed, From::kNext);
  for (int i = 0; i < 5; ++i) feed.publish(item("a"));
  EXPECT_THAT(early.take_all(), ElementsAre("lost 1", "a", "a", "a", "a"));
  for (int i = 0; i < 7; ++i) feed.publish(item("b"));
  EXPECT_THAT(early.take_all(), ElementsAre("lost 3", "b", "b", "b", "b"));
  EXPECT_EQ(feed.items_lost(), 4u);
}

TEST_F(FeedTest, TheKeptItemsAreBoundedInBytesToo) {
  feed.set_depth(1000);
  early.join(feed, From::kNext);
  const std::string large(limits::kFeedBytesMax / 4, 'x');
  for (int i = 0; i < 8; ++i) feed.publish(item(large));
  const auto taken = early.take_all();
  ASSERT_EQ(taken.size(), 4u);  // what an item costs besides its bytes makes the fourth one too many
  EXPECT_EQ(taken[0], "lost 5");
}

TEST_F(FeedTest, TinyItemsDoNotEscapeTheBoundOfBytes) {
  feed.set_depth(limits::kFeedBytesMax);
  early.join(feed, From::kNext);
  for (std::size_t i = 0; i < limits::kFeedBytesMax / 32; ++i) feed.publish(item(""));
  EXPECT_LT(early.take_all().size(), limits::kFeedBytesMax / 32);
}

TEST_F(FeedTest, OneItemIsKeptHoweverLarge) {
  early.join(feed, From::kNext);
  feed.publish(item(std::string(2 * limits::kFeedBytesMax, 'x')));
  EXPECT_EQ(early.take_all().size(), 1u);
}

TEST_F(FeedTest, ASmallerDepthHoldsFromTheNextItemOn) {
  early.join(feed, From::kNext);
  for (const char* text : {"1", "2", "3", "4"}) feed.publish(item(text));
  feed.set_depth(2);
  feed.publish(item("5"));
  EXPECT_THAT(early.take_all(), ElementsAre("lost 3", "4", "5"));
}

TEST_F(FeedTest, AReaderIsToldOnceUntilItHasTakenAll) {
  early.join(feed, From::kNext);
  feed.publish(item("1"));
  feed.publish(item("2"));
  EXPECT_EQ(early.told, 1);
  early.take_one();
  feed.publish(item("3"));
  EXPECT_EQ(early.told, 1);
  early.take_one();
  early.take_one();  // the last, without asking for one more
  feed.publish(item("4"));
  EXPECT_EQ(early.told, 2);
}

TEST_F(FeedTest, NothingIsKeptWhileNobodyReads) {
  feed.publish(item("1"));
  early.join(feed, From::kKept);
  EXPECT_THAT(early.take_all(), IsEmpty());
  feed.publish(item("2"));
  early.leave();
  early.join(feed, From::kKept);
  EXPECT_THAT(early.take_all(), IsEmpty());
}

TEST_F(FeedTest, TheWriterHearsOfTheFirstAndOfTheLastReader) {
  early.join(feed, From::kNext);
  late.join(feed, From::kNext);
  early.leave();
  late.leave();
  late.leave();  // it is gone already
  EXPECT_THAT(demands.heard, ElementsAre("wanted after ''", "unwanted after ''"));
}

TEST_F(FeedTest, ADestroyedReaderHasLeft) {
  {
    Collector short_lived;
    short_lived.join(feed, From::kNext);
    EXPECT_EQ(feed.readers(), 1u);
  }
  EXPECT_EQ(feed.readers(), 0u);
  EXPECT_THAT(demands.heard, ElementsAre("wanted after ''", "unwanted after ''"));
}

TEST_F(FeedTest, ANewWriterHearsWhereTheOneBeforeStopped) {
  early.join(feed, From::kNext);
  feed.publish(item("1", "place 1"));
  feed.publish(item("2", "place 2"));
  feed.set_writer(nullptr);
  feed.set_writer(&next);
  EXPECT_THAT(next.heard, ElementsAre("wanted after 'place 2'"));
  EXPECT_THAT(early.take_all(), ElementsAre("1", "2"));
}

TEST_F(FeedTest, ANewWriterOfAFeedThatNobodyReadsHearsNothing) {
  feed.set_writer(&next);
  EXPECT_THAT(next.heard, IsEmpty());
}

TEST_F(FeedTest, AnItemOfAnIdAloneIsAPlaceAndNothingToRead) {
  early.join(feed, From::kNext);
  feed.publish(item("", "place 0"));
  EXPECT_EQ(feed.last_id(), "place 0");
  EXPECT_EQ(early.told, 0);
  feed.set_writer(&next);
  EXPECT_THAT(next.heard, ElementsAre("wanted after 'place 0'"));
  feed.publish(item("1", "place 1"));
  EXPECT_THAT(early.take_all(), ElementsAre("1"));
}

TEST_F(FeedTest, TheLastIdIsForgottenWithTheLastReader) {
  feed.publish(item("0", "place 0"));  // for nobody
  early.join(feed, From::kNext);
  feed.publish(item("1", "place 1"));
  EXPECT_EQ(feed.last_id(), "place 1");
  feed.publish(item("2"));
  EXPECT_EQ(feed.last_id(), "");  // the place behind it has no name
  feed.publish(item("3", "place 3"));
  early.leave();
  late.join(feed, From::kNext);
  EXPECT_THAT(demands.heard, ElementsAre("wanted after ''", "unwanted after ''", "wanted after ''"));
}

TEST_F(FeedTest, AReaderMayLeaveWhenItHears) {
  Collector third;
  for (Collector* one : {&early, &late, &third}) one->join(feed, From::kNext);
  late.then = [this] { late.leave(); };
  feed.publish(item("1"));
  EXPECT_EQ(feed.readers(), 2u);
  EXPECT_THAT(early.take_all(), ElementsAre("1"));
  EXPECT_THAT(third.take_all(), ElementsAre("1"));
  EXPECT_EQ(late.told, 1);
}

TEST_F(FeedTest, AReaderMaySendAllOthersAwayWhenItHears) {
  std::vector<std::unique_ptr<Collector>> others;
  for (int i = 0; i < 5; ++i) {
    others.push_back(std::make_unique<Collector>());
    others.back()->join(feed, From::kNext);
  }
  others[3]->then = [&] {
    for (const int i : {0, 1, 2, 4}) others[static_cast<std::size_t>(i)].reset();
  };
  feed.publish(item("1"));
  EXPECT_EQ(feed.readers(), 1u);
  EXPECT_THAT(others[3]->take_all(), ElementsAre("1"));
}

TEST_F(FeedTest, EndingTheClientsLeavesTheOtherReaders) {
  Collector client;
  Collector other_client;
  client.client = other_client.client = true;
  client.join(feed, From::kNext);
  early.join(feed, From::kNext);
  other_client.join(feed, From::kNext);
  other_client.then = [&] { client.leave(); };  // as one session's end may end another's
  feed.end_clients();
  EXPECT_EQ(other_client.closed, 1);
  EXPECT_EQ(client.closed, 0);  // it had gone by itself
  EXPECT_EQ(early.closed, 0);
  EXPECT_EQ(feed.readers(), 1u);
}

TEST_F(FeedTest, AFeedThatEndsLetsItsReadersGoSilently) {
  {
    Feed short_lived("probe/short", 1, Feed::Memory::kWhileRead);
    early.join(short_lived, From::kNext);
    short_lived.publish(item("1"));
  }
  EXPECT_EQ(early.feed(), nullptr);
  EXPECT_EQ(early.closed, 0);
  EXPECT_THAT(early.take_all(), IsEmpty());
}

TEST_F(FeedTest, JoiningAnotherLeavesTheOneBefore) {
  Feed other("probe/other", 4, Feed::Memory::kWhileRead);
  early.join(feed, From::kNext);
  early.join(other, From::kNext);
  EXPECT_EQ(feed.readers(), 0u);
  EXPECT_EQ(other.readers(), 1u);
}

TEST(Feeds, OneThatRemembersKeepsItsNewestForWhoComesLater) {
  Feeds feeds;
  Feed& log = feeds.remembering("host/log", 2);
  for (const char* text : {"1", "2", "3"}) log.publish(item(text));
  Collector reader;
  reader.join(feeds.at("host/log"), From::kKept);
  EXPECT_THAT(reader.take_all(), ElementsAre("2", "3"));  // what came before it is no loss of its own
  reader.leave();
  log.publish(item("4"));
  reader.join(log, From::kKept);
  EXPECT_THAT(reader.take_all(), ElementsAre("3", "4"));
}

TEST(Feeds, ReadersMayComeBeforeTheWriter) {
  Demands writer;
  Feeds feeds;
  Collector reader;
  reader.join(feeds.at("probe/lines"), From::kKept);
  feeds.at("probe/lines").set_writer(&writer);
  EXPECT_THAT(writer.heard, ElementsAre("wanted after ''"));
  EXPECT_EQ(&feeds.at("probe/lines"), reader.feed());
}

TEST(Feeds, AllClientsEndWhereTheDaemonStops) {
  Feeds feeds;
  Collector one;
  Collector other;
  one.client = other.client = true;
  one.join(feeds.at("a/x"), From::kNext);
  other.join(feeds.at("b/x"), From::kNext);
  feeds.end_clients();
  EXPECT_EQ(one.closed + other.closed, 2);
  std::vector<std::string> names;
  feeds.each([&names](const Feed& feed) { names.push_back(feed.name()); });
  EXPECT_THAT(names, ElementsAre("a/x", "b/x"));
}

}  // namespace
}  // namespace backplane::feed
