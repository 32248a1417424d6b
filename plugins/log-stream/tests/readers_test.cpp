// The clients that read at this moment, and what is left of them afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/readers_fixture.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

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

}  // namespace
}  // namespace backplane::log_stream
