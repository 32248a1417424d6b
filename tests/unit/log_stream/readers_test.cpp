// On real journal files, whose readers have descriptors to watch.
#include "log-stream/readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>

#include "breakable_reader.hpp"
#include "journal_files.hpp"
#include "log-stream/limits.hpp"
#include "served.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Opened = std::variant<std::unique_ptr<EntryReader>, Problem>;

constexpr bp_cookie kTailTimer = 1;
const std::uint32_t kFeed = feed_of(Format::kKvmd, false);
constexpr AnswerForm kOwn{.format = Format::kShort, .masked = false, .follow = true};
constexpr AnswerForm kShared{
    .format = Format::kKvmd, .entry_a_piece = true, .masked = false, .follow = true, .shared = true};

class ReadersTest : public testing::Test {
 protected:
  ReadersTest() {
    files_.write("system", said_in_turn(0, 3));
    readers_.set_rules(nullptr, {"cgminer.service"});
  }

  Opened open(const Query& query) const {
    if (problem_) return *problem_;
    auto opened = JournalReader::open(files_.place(), query, Fields::kAll, nullptr);
    if (auto* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
    return std::make_unique<BreakableReader>(std::get<std::unique_ptr<JournalReader>>(std::move(opened)), broken_);
  }
  sdk::Operation add(bp_op number, const AnswerForm& form) {
    Query query;
    query.follow = form.follow;
    const sdk::Operation operation = served_.begin(number);
    readers_.add(operation, reader_of(files_, query), form, nullptr);
    return operation;
  }
  std::size_t watched() const { return served_.fake.watches().size(); }
  // As the host does it as long as they are readable, which they are after a new entry.
  void deliver_watches() {
    for (const auto& [watch, descriptor] : served_.fake.watches()) served_.loop.on_fd(watch, BP_FD_READ);
  }
  bool is_readable() const {
    const auto watches = served_.fake.watches();
    return std::any_of(watches.begin(), watches.end(), [](const auto& watch) {
      pollfd look{watch.second, POLLIN, 0};
      return ::poll(&look, 1, 0) > 0;
    });
  }
  void expect_nothing_left() {
    EXPECT_EQ(readers_.size(), 0U);
    EXPECT_EQ(watched(), 0U);
    served_.run_posts();
    EXPECT_EQ(watched(), 0U);
  }

  JournalFiles files_;
  std::optional<Problem> problem_;
  bool broken_ = false;  // for the tail
  Served served_;
  Readers readers_{served_.host, served_.loop, [this](const Query& query, Fields) { return open(query); }};
};

TEST_F(ReadersTest, AnAnswerIsGoneOnceItHasEnded) {
  add(1, {.format = Format::kShort, .masked = false});
  EXPECT_TRUE(served_.ended(1));
  expect_nothing_left();
}

TEST_F(ReadersTest, ALargeAnswerGoesOnInPostsAndLetsOthersWork) {
  files_.write("more", said_in_turn(10, 2 * kEntriesPerSlice));
  add(1, {.format = Format::kShort, .masked = false});
  EXPECT_FALSE(served_.ended(1));
  EXPECT_THAT(served_.fake.take_posts(), SizeIs(1));
}

TEST_F(ReadersTest, ALargeAnswerHasNoMoreThanOnePostUnderWay) {
  files_.write("more", said_in_turn(10, 4 * kEntriesPerSlice));
  const sdk::Operation operation = add(1, {.format = Format::kShort, .masked = false});
  readers_.on_writable(operation);
  readers_.on_writable(operation);
  EXPECT_THAT(served_.fake.take_posts(), SizeIs(1));
}

TEST_F(ReadersTest, AnAnswerEndsWhereThePluginsQueueIsFull) {
  files_.write("more", said_in_turn(10, 2 * kEntriesPerSlice));
  served_.fake.refuse_posts();
  add(1, {.format = Format::kShort, .masked = false});
  EXPECT_TRUE(served_.ended(1));
  EXPECT_THAT(served_.fake.log(), ElementsAre(HasSubstr("queue is full")));
  expect_nothing_left();
}

TEST_F(ReadersTest, APostThatComesAfterTheEndDoesNothing) {
  files_.write("more", said_in_turn(10, 2 * kEntriesPerSlice));
  const sdk::Operation operation = add(1, {.format = Format::kShort, .masked = false});
  const std::size_t before = served_.body(1).size();
  readers_.on_end(operation);
  expect_nothing_left();
  EXPECT_EQ(served_.body(1).size(), before);
}

TEST_F(ReadersTest, AFollowerOfItsOwnIsWatchedUntilItEnds) {
  const sdk::Operation operation = add(1, kOwn);
  EXPECT_EQ(watched(), 1U);
  EXPECT_EQ(readers_.own_followers(), 1U);
  const std::string before = served_.body(1);
  files_.write("system", {said(10, "next")});
  deliver_watches();
  EXPECT_THAT(served_.body(1).substr(before.size()), HasSubstr("next"));
  readers_.on_end(operation);
  expect_nothing_left();
}

TEST_F(ReadersTest, AFollowerThatHasNoRoomIsNotCalledAgainAndAgain) {
  add(1, kOwn);
  files_.write("system", {said(10, "next")});
  served_.fake.spend_window();
  EXPECT_TRUE(is_readable());
  deliver_watches();
  EXPECT_FALSE(is_readable());
  files_.write("system", {said(11, "and another")});
  EXPECT_TRUE(is_readable());
  served_.fake.spend_window();
  deliver_watches();
  EXPECT_FALSE(is_readable());
  readers_.on_writable(sdk::Operation(served_.host.tables(), 1));
  EXPECT_THAT(served_.body(1), HasSubstr("next"));
}

TEST_F(ReadersTest, AFollowerThatCannotBeWatchedIsLetGo) {
  served_.fake.refuse_watches();
  add(1, kOwn);
  EXPECT_TRUE(served_.ended(1));
  expect_nothing_left();
}

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
  problem_ = Problem{Problem::Cause::kJournal, "no more descriptors"};
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
