// What the shared reader publishes after the plugin was restarted under its readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "log-stream/limits.hpp"
#include "support/tail_fixture.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(TailTest, AfterARestartAFeedGoesOnBehindItsLastItem) {
  lines_.add_in_turn(5);
  tail_.want(kShortFeed, true, lines_.cursors()[1]);
  ASSERT_TRUE(tail_.open());
  lines_.add("new");
  pump(tail_);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("line 2", "line 3", "line 4", "new"));
}

TEST_F(TailTest, AfterARestartEachFeedGoesOnBehindItsOwnLastItem) {
  lines_.add_in_turn(6);
  const auto cursors = lines_.cursors();
  for (std::size_t first = 0; first < 6; ++first) {
    for (std::size_t second = 0; second < 6; ++second) {
      Tail tail = this->tail();
      tail.want(kShortFeed, true, cursors[first]);
      ASSERT_TRUE(tail.open());
      tail.want(kShortMasked, true, cursors[second]);
      pump(tail);
      std::vector<std::string> expected[2];
      for (std::size_t i = first + 1; i < 6; ++i) expected[0].push_back(cursors[i]);
      for (std::size_t i = second + 1; i < 6; ++i) expected[1].push_back(cursors[i]);
      std::vector<std::string> had[2];
      for (const Published& item : served_.fake.take_published()) had[item.feed == kShortMasked].push_back(item.id);
      EXPECT_EQ(had[0], expected[0]) << first << " " << second;
      EXPECT_EQ(had[1], expected[1]) << first << " " << second;
    }
  }
}

TEST_F(TailTest, AFeedThatHadNoItemBeforeTheRestartGetsNothingOfWhatOthersMissed) {
  lines_.add_in_turn(4);
  tail_.want(kKvmdFeed, true, lines_.cursors()[0]);
  tail_.want(kShortFeed, true);
  ASSERT_TRUE(tail_.open());
  tail_.want(kJsonFeed, true);
  lines_.add("new");
  pump(tail_);
  std::map<std::uint32_t, std::size_t> items;
  for (const Published& item : served_.fake.take_published()) ++items[item.feed];
  EXPECT_EQ(items[kKvmdFeed], 4U);
  EXPECT_EQ(items[kShortFeed], 1U);
  EXPECT_EQ(items[kJsonFeed], 1U);
}

TEST_F(TailTest, AFeedThatHasReadersAlreadyBeginsNowhereAgain) {
  lines_.add_in_turn(3);
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  tail_.want(kShortFeed, true, lines_.cursors()[0]);
  EXPECT_EQ(pump(tail_), Pumped::kNothing);
  EXPECT_THAT(served_.fake.take_published(), IsEmpty());
}

TEST_F(TailTest, WhatWasMissedIsPublishedInSlicesAndSurvivesAHostThatTakesNoMore) {
  lines_.add_in_turn(kTailEntriesPerSlice + 10);
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true, lines_.cursors()[0]);
  served_.fake.allow_items(5);
  EXPECT_EQ(tail_.pump(), Pumped::kStalled);
  served_.fake.allow_items(10'000);
  EXPECT_EQ(tail_.pump(), Pumped::kMore);
  lines_.add("new");
  pump(tail_);
  const auto published = served_.fake.take_published();
  ASSERT_THAT(published, SizeIs(kTailEntriesPerSlice + 10));
  for (std::size_t i = 0; i < published.size(); ++i) EXPECT_EQ(published[i].id, lines_.cursors()[i + 1]);
}

TEST_F(TailTest, KeptLinesThatComeAgainAfterARestartAreNotPublishedAgain) {
  lines_.add_in_turn(4);
  const std::string last = lines_.cursors()[2];
  lines_.log().clear();
  DaemonLines again;
  Tail tail(served_.host, [&](const Query& query, Fields) -> Opened { return again.log().open(query, nullptr); });
  tail.want(kShortFeed, true, last);
  ASSERT_TRUE(tail.open());
  pump(tail);
  again.add_in_turn(4);
  pump(tail);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("line 3"));
}

TEST_F(TailTest, APlaceOfAnotherLogIsTheEndOfThisOne) {
  lines_.add_in_turn(3);
  tail_.want(kShortFeed, true, "s=1;i=2");
  ASSERT_TRUE(tail_.open());
  lines_.add("new");
  pump(tail_);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("new"));
}

}  // namespace
}  // namespace backplane::log_stream
