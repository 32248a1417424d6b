#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/tail_fixture.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(TailTest, BeginsAtTheEndOfTheLog) {
  lines_.add_in_turn(3);
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  EXPECT_EQ(tail_.pump(), Pumped::kNothing);
  lines_.add("new");
  EXPECT_EQ(tail_.pump(), Pumped::kAll);
  EXPECT_EQ(tail_.pump(), Pumped::kNothing);
  const auto published = served_.fake.take_published();
  ASSERT_THAT(published, SizeIs(1));
  EXPECT_THAT(published[0].bytes, EndsWith("new"));
  EXPECT_EQ(published[0].id, lines_.cursors().back());
}

TEST_F(TailTest, PublishesWantedFeedsAlone) {
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  tail_.want(kJsonFeed, true);
  lines_.add("a");
  pump(tail_);
  tail_.want(kJsonFeed, false);
  lines_.add("b");
  pump(tail_);
  std::vector<std::uint32_t> feeds;
  for (const Published& item : served_.fake.take_published()) feeds.push_back(item.feed);
  EXPECT_THAT(feeds, ElementsAre(kShortFeed, kJsonFeed, kShortFeed));
  EXPECT_TRUE(tail_.wanted());
  tail_.want(kShortFeed, false);
  EXPECT_FALSE(tail_.wanted());
}

TEST_F(TailTest, MaskedFeedsHideWhatTheOthersShow) {
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  tail_.want(kShortMasked, true);
  lines_.add("pin=1234");
  pump(tail_);
  const auto published = served_.fake.take_published();
  ASSERT_THAT(published, SizeIs(2));
  EXPECT_THAT(published[0].bytes, EndsWith("pin=1234"));
  EXPECT_THAT(published[1].bytes, EndsWith("pin=***"));
}

TEST_F(TailTest, TheKvmdFeedHasTheUnitsOfTheConfigurationAlone) {
  ASSERT_TRUE(tail_.open());
  tail_.want(kKvmdFeed, true);
  lines_.add("shown");
  pump(tail_);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
  tail_.set_rules(nullptr, {"kvmd-*", "backplaned"});
  lines_.add("of no such unit");
  pump(tail_);
  EXPECT_THAT(served_.fake.take_published(), IsEmpty());
  tail_.set_rules(nullptr, {"kvmd-*", "backplaned.service"});
  lines_.add("of that name");
  pump(tail_);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
}

TEST_F(TailTest, AnItemThatIsTooLargeIsShortened) {
  ASSERT_TRUE(tail_.open());
  tail_.want(kJsonFeed, true);
  lines_.add(std::string(BP_FEED_ITEM_BYTES_MAX, 'x'));
  pump(tail_);
  const auto published = served_.fake.take_published();
  ASSERT_THAT(published, SizeIs(1));
  EXPECT_THAT(published[0].bytes, HasSubstr("BACKPLANE_SHORTENED"));
}

TEST_F(TailTest, AHostThatTakesNoMoreGetsEverythingLaterInOrder) {
  for (std::size_t taken = 0; taken < 6; ++taken) {
    Tail tail = this->tail();
    ASSERT_TRUE(tail.open());
    tail.want(kShortFeed, true);
    tail.want(kJsonFeed, true);
    lines_.add_in_turn(3);
    served_.fake.allow_items(taken);
    EXPECT_EQ(pump(tail), Pumped::kStalled);
    EXPECT_EQ(pump(tail), Pumped::kStalled);
    served_.fake.allow_items(100);
    EXPECT_TRUE(Tail::is_through(pump(tail)));
    const auto published = served_.fake.take_published();
    const auto cursors = lines_.cursors();
    ASSERT_THAT(published, SizeIs(6));
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(published[i].feed, i % 2 == 0 ? kShortFeed : kJsonFeed);
      EXPECT_EQ(published[i].id, cursors[cursors.size() - 3 + i / 2]);
    }
  }
}

TEST_F(TailTest, ManyEntriesArePublishedInSlices) {
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  lines_.add_in_turn(kTailEntriesPerSlice + 1);
  EXPECT_EQ(tail_.pump(), Pumped::kMore);
  EXPECT_EQ(tail_.pump(), Pumped::kAll);
  EXPECT_THAT(served_.fake.take_published(), SizeIs(kTailEntriesPerSlice + 1));
}

TEST_F(TailTest, AFailureIsToldAndTheNextReaderGoesOnBehindTheLastEntry) {
  lines_.add_in_turn(1);
  ASSERT_TRUE(tail_.open());
  tail_.want(kShortFeed, true);
  lines_.add("before");
  pump(tail_);
  broken_ = true;
  EXPECT_EQ(pump(tail_), Pumped::kFailed);
  EXPECT_EQ(tail_.problem(), "damaged");
  EXPECT_FALSE(tail_.is_open());
  EXPECT_FALSE(tail_.open());
  EXPECT_EQ(pump(tail_), Pumped::kFailed);
  lines_.add("meanwhile");
  broken_ = false;
  ASSERT_TRUE(tail_.reopen());
  EXPECT_EQ(tail_.problem(), "");
  pump(tail_);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("before", "meanwhile"));
}

TEST_F(TailTest, ALogThatCannotBeOpenedIsTriedAgainAtTheSamePlace) {
  lines_.add_in_turn(2);
  tail_.want(kShortFeed, true, lines_.cursors()[0]);
  problem_ = sdk::Failure{503, "no more descriptors"};
  EXPECT_FALSE(tail_.open());
  EXPECT_EQ(tail_.problem(), "no more descriptors");
  EXPECT_EQ(tail_.descriptor(), -1);
  problem_.reset();
  ASSERT_TRUE(tail_.open());
  pump(tail_);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("line 1"));
}

TEST_F(TailTest, AClosedOneForgetsWhereItWas) {
  ASSERT_TRUE(tail_.open());
  tail_.close();
  lines_.add("while closed");
  tail_.want(kShortFeed, true);
  EXPECT_EQ(tail_.pump(), Pumped::kNothing);
  ASSERT_TRUE(tail_.open());
  EXPECT_EQ(tail_.pump(), Pumped::kNothing);
  EXPECT_THAT(served_.fake.take_published(), IsEmpty());
}

}  // namespace
}  // namespace backplane::log_stream
