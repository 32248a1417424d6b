#include "log-stream/tail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon_lines.hpp"
#include "log-stream/limits.hpp"
#include "served.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Opened = std::variant<std::unique_ptr<EntryReader>, Problem>;
using Pumped = Tail::Pumped;
using test::Published;

const std::uint32_t kShortFeed = feed_of(Format::kShort, false);
const std::uint32_t kShortMasked = feed_of(Format::kShort, true);
const std::uint32_t kKvmdFeed = feed_of(Format::kKvmd, false);
const std::uint32_t kJsonFeed = feed_of(Format::kJson, false);

// Fails after so many steps.
class FailingReader final : public EntryReader {
 public:
  explicit FailingReader(std::unique_ptr<EntryReader> reader, int entries)
      : reader_(std::move(reader)), left_(entries) {}
  Step next(Entry& entry) override { return left_-- > 0 ? reader_->next(entry) : Step::kFailed; }
  const std::string& problem() const override { return problem_; }
  int descriptor() override { return -1; }
  void on_ready() override {}

 private:
  std::unique_ptr<EntryReader> reader_;
  int left_;
  const std::string problem_ = "damaged";
};

class TailTest : public testing::Test {
 protected:
  TailTest() { tail_.set_rules(std::make_shared<const Masks>(std::vector<std::string>{"pin=(\\d+)"}), {"backplane*"}); }

  Opened open(const Query& query) {
    if (problem_) return *problem_;
    Opened opened = lines_.log().open(query, nullptr);
    if (fails_after_ < 0 || std::holds_alternative<Problem>(opened)) return opened;
    return std::make_unique<FailingReader>(std::get<std::unique_ptr<EntryReader>>(std::move(opened)), fails_after_);
  }
  Tail tail() {
    return Tail(served_.host, [this](const Query& query, Fields) { return open(query); });
  }
  // Pumps until everything is published.
  static Pumped pump(Tail& tail) {
    for (;;) {
      const Pumped pumped = tail.pump();
      if (pumped != Pumped::kMore) return pumped;
    }
  }
  // The lines that one feed was given since the last call, without what stands before the text.
  std::vector<std::string> lines_of(std::uint32_t feed) {
    std::vector<std::string> texts;
    for (const Published& item : served_.fake.take_published()) {
      if (item.feed == feed) texts.push_back(item.bytes.substr(item.bytes.find(": ") + 2));
    }
    return texts;
  }

  Served served_;
  DaemonLines lines_;
  std::optional<Problem> problem_;
  int fails_after_ = -1;
  Tail tail_ = tail();
};

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

TEST_F(TailTest, AFailureIsToldAndTheNextReaderGoesOnBehindTheLastEntry) {
  lines_.add_in_turn(1);
  fails_after_ = 3;
  ASSERT_TRUE(tail_.open());  // reads the newest entry, and finds the end
  tail_.want(kShortFeed, true);
  lines_.add("before");
  EXPECT_EQ(pump(tail_), Pumped::kFailed);
  EXPECT_EQ(tail_.problem(), "damaged");
  EXPECT_FALSE(tail_.is_open());
  EXPECT_FALSE(tail_.open());
  EXPECT_EQ(pump(tail_), Pumped::kFailed);
  lines_.add("meanwhile");
  fails_after_ = -1;
  ASSERT_TRUE(tail_.reopen());
  EXPECT_EQ(tail_.problem(), "");
  pump(tail_);
  EXPECT_THAT(lines_of(kShortFeed), ElementsAre("before", "meanwhile"));
}

TEST_F(TailTest, ALogThatCannotBeOpenedIsTriedAgainAtTheSamePlace) {
  lines_.add_in_turn(2);
  tail_.want(kShortFeed, true, lines_.cursors()[0]);
  problem_ = Problem{Problem::Cause::kJournal, "no more descriptors"};
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
