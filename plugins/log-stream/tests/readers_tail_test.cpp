// The shared reader: who is handed over to it, who waits for it, and what keeps it going.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/readers_fixture.hpp"

namespace backplane::log_stream {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ReadersTest, ASharedFollowerIsHandedOverAndTheTailIsWatched) {
  const sdk::Operation operation = add(1, kShared);
  EXPECT_TRUE(served_.attached(1));
  EXPECT_EQ(readers_.size(), 0U);
  EXPECT_EQ(watched(), 1U);
  files_.write("system", {said(10, "next")});
  deliver_watches();
  const auto published = served_.fake.take_published();
  ASSERT_THAT(published, SizeIs(1));
  EXPECT_EQ(published[0].feed, kFeed);
  EXPECT_THAT(published[0].bytes, HasSubstr("next"));
  readers_.on_end(operation);
  EXPECT_EQ(watched(), 1U);  // the feed is wanted until the host says otherwise
  readers_.on_demand(kFeed, false, {});
  expect_nothing_left();
}

TEST_F(ReadersTest, TheTailStaysWhileAClientIsOnItsWayToIt) {
  add(1, kShared);
  served_.fake.spend_window();
  const sdk::Operation second = add(2, kShared);
  EXPECT_FALSE(served_.attached(2));
  readers_.on_demand(kFeed, false, {});
  readers_.on_writable(second);
  EXPECT_TRUE(served_.attached(2));
  files_.write("system", {said(10, "next")});
  deliver_watches();
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
}

TEST_F(ReadersTest, AClientThatEndsOnItsWayLeavesNothingBehind) {
  // Records are pieces of their own: the client goes before each of them, and after the last.
  for (std::size_t writes = 0; writes < 3; ++writes) {
    served_.fake.allow_writes(writes);
    const sdk::Operation operation = add(10 + writes, kShared);
    EXPECT_EQ(readers_.size(), 1U);
    served_.fake.mark_ended(operation.number());
    readers_.on_end(operation);
    expect_nothing_left();
    readers_.on_writable(operation);
    expect_nothing_left();
  }
}

TEST_F(ReadersTest, AStalledTailIsPumpedByItsTimerAndWakesWhoWaitsForIt) {
  const sdk::Operation first = add(1, kShared);
  readers_.on_end(first);
  served_.fake.allow_items(0);
  files_.write("system", {said(10, "next")});
  add(2, kShared);
  EXPECT_FALSE(served_.attached(2));
  EXPECT_EQ(watched(), 1U);  // the tail alone
  EXPECT_TRUE(served_.fake.timers().contains(kTailTimer));
  files_.write("system", {said(11, "and another")});
  deliver_watches();
  EXPECT_FALSE(is_readable());
  served_.fake.allow_items(10);
  served_.loop.on_timer(kTailTimer);
  EXPECT_TRUE(served_.attached(2));
  EXPECT_THAT(served_.fake.take_published(), SizeIs(2));
}

TEST_F(ReadersTest, AfterARestartWhatCameSinceIsPublished) {
  readers_.on_demand(kFeed, true, cursors_of(files_)[0]);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(2));
  EXPECT_EQ(watched(), 1U);
}

TEST_F(ReadersTest, ALogThatCannotBeReadIsTriedAgainLater) {
  problem_ = sdk::Failure{503, "no more descriptors"};
  readers_.on_demand(kFeed, true, cursors_of(files_)[0]);
  EXPECT_EQ(watched(), 0U);
  EXPECT_TRUE(served_.fake.timers().contains(kTailTimer));
  served_.loop.on_timer(kTailTimer);
  EXPECT_THAT(served_.fake.take_published(), IsEmpty());
  problem_.reset();
  served_.loop.on_timer(kTailTimer);
  EXPECT_EQ(watched(), 1U);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(2));
}

TEST_F(ReadersTest, ALogThatBreaksAgainAndAgainIsTriedOnceInAWhile) {
  broken_ = true;
  for (int i = 1; i <= 3; ++i) {
    if (i == 1) readers_.on_demand(kFeed, true, cursors_of(files_)[0]);
    if (i != 1) served_.loop.on_timer(kTailTimer);
    EXPECT_EQ(served_.fake.log().size(), static_cast<std::size_t>(i));
    EXPECT_EQ(watched(), 0U);
  }
  broken_ = false;
  served_.loop.on_timer(kTailTimer);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(2));
  EXPECT_EQ(watched(), 1U);
}

TEST_F(ReadersTest, AClientThatComesToABrokenTailIsCutOffAndTheTailIsMendedForTheOthers) {
  add(1, kShared);
  broken_ = true;
  add(2, kShared);
  EXPECT_TRUE(served_.ended(2));
  EXPECT_FALSE(served_.attached(2));
  EXPECT_EQ(watched(), 0U);
  broken_ = false;
  files_.write("system", {said(10, "next")});
  served_.loop.on_timer(kTailTimer);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
  EXPECT_EQ(watched(), 1U);
}

TEST_F(ReadersTest, WhoIsOnTheWayToAFeedGoesOnWhereTheTailWasGivenUp) {
  add(1, kShared);
  served_.fake.allow_items(0);
  files_.write("system", {said(10, "next")});
  add(2, kShared);
  EXPECT_FALSE(served_.attached(2));
  readers_.on_demand(kFeed, false, {});
  broken_ = true;
  served_.fake.allow_items(10);
  served_.loop.on_timer(kTailTimer);  // it breaks
  broken_ = false;
  served_.loop.on_timer(kTailTimer);  // nobody reads a feed: it is closed
  EXPECT_TRUE(served_.attached(2));
  EXPECT_EQ(watched(), 1U);
}

TEST_F(ReadersTest, ATailThatCannotBeWatchedIsLookedAtFromTimeToTime) {
  served_.fake.refuse_watches();
  add(1, kShared);
  EXPECT_TRUE(served_.attached(1));
  files_.write("system", {said(10, "next")});
  served_.loop.on_timer(kTailTimer);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
}

TEST_F(ReadersTest, AnotherLogEndsWhoReadsTheOldOneAndGoesOnForTheFeeds) {
  add(1, kOwn);
  add(2, kShared);
  EXPECT_EQ(watched(), 2U);
  readers_.change_log();
  EXPECT_TRUE(served_.ended(1));
  EXPECT_EQ(readers_.size(), 0U);
  EXPECT_EQ(watched(), 1U);
  files_.write("system", {said(10, "next")});
  deliver_watches();
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
}

TEST_F(ReadersTest, StoppingLeavesNoWatchAndNoTimer) {
  served_.fake.allow_items(0);
  readers_.on_demand(kFeed, true, cursors_of(files_)[0]);
  EXPECT_TRUE(served_.fake.timers().contains(kTailTimer));
  readers_.stop();
  EXPECT_EQ(watched(), 0U);
  EXPECT_THAT(served_.fake.timers(), IsEmpty());
}

}  // namespace
}  // namespace backplane::log_stream
