#include "log-stream/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/daemon_lines.hpp"
#include "support/entries.hpp"
#include "support/served.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using State = Answer::State;

constexpr bp_op kOp = 7;

class AnswerTest : public testing::Test {
 protected:
  Answer answer(AnswerForm form, const Query& query = {}) {
    return Answer(served_.host, served_.begin(kOp), lines_.reader(query), form);
  }
  // Lets the client take everything; where it gets no room, it makes some.
  State finish(Answer& answer) {
    for (;;) {
      const State state = answer.work(tail_);
      if (state != State::kMore && state != State::kBlocked) return state;
    }
  }
  std::string whole(Format format, const Query& query = {}) const {
    std::string text;
    Entry entry;
    Formatter formatter(format);
    const auto reader = lines_.reader(query);
    while (reader->next(entry) == EntryReader::Step::kEntry) formatter.append(entry, text);
    return text;
  }

  TimeZone zone_{"UTC"};
  Served served_;
  DaemonLines lines_;
  Tail tail_{served_.host, [this](const Query& query, Fields) { return lines_.log().open(query, nullptr); }};
};

TEST_F(AnswerTest, EntriesAreCollectedToPiecesAndTheAnswerEnds) {
  lines_.add_in_turn(400);
  Answer all = answer({.format = Format::kJson});
  EXPECT_EQ(finish(all), State::kOver);
  EXPECT_EQ(served_.body(kOp), whole(Format::kJson));
  const auto pieces = served_.pieces(kOp);
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) EXPECT_GE(pieces[i].size(), kPieceBytes);
  EXPECT_GT(pieces.size(), 1U);
  EXPECT_TRUE(served_.ended(kOp));
}

TEST_F(AnswerTest, KvmdGetsAPieceForEachRecord) {
  lines_.add_in_turn(3);
  Answer all = answer({.format = Format::kKvmd, .entry_a_piece = true});
  finish(all);
  EXPECT_THAT(served_.pieces(kOp), ElementsAre(EndsWith("line 0\r\n"), EndsWith("line 1\r\n"), EndsWith("line 2\r\n")));
}

TEST_F(AnswerTest, AWebSocketGetsAMessageForEachEntryWithoutTheLineEnd) {
  lines_.add_in_turn(2);
  for (const Format format : {Format::kShort, Format::kJson}) {
    const bp_op op = 10 + static_cast<bp_op>(format);
    Answer all(served_.host, served_.begin(op), lines_.reader(), {.format = format, .messages = true});
    finish(all);
    const auto writes = served_.calls(op, "write");
    ASSERT_THAT(writes, SizeIs(2));
    EXPECT_EQ(writes[0].kind, BP_DATA_TEXT);
    EXPECT_EQ(writes[0].text + "\n" + writes[1].text + "\n", whole(format));
  }
}

TEST_F(AnswerTest, AMessageThatIsTooLargeIsShortened) {
  lines_.add(std::string(kMessageBytesMax, 'x'));
  lines_.add("after");
  Answer all = answer({.format = Format::kJson, .messages = true});
  finish(all);
  const auto pieces = served_.pieces(kOp);
  ASSERT_THAT(pieces, SizeIs(2));
  EXPECT_LT(pieces[0].size(), 2 * kShortenedMessageBytesMax);
  EXPECT_THAT(pieces[0], HasSubstr("BACKPLANE_SHORTENED"));
  EXPECT_THAT(pieces[1], Not(HasSubstr("BACKPLANE_SHORTENED")));
}

TEST_F(AnswerTest, ALargeEntryGoesInSeveralWritesWhereThereAreNoMessages) {
  lines_.add(std::string(3 * kWriteBytesMax, 'x'));
  Answer all = answer({.format = Format::kJson});
  finish(all);
  EXPECT_EQ(served_.body(kOp), whole(Format::kJson));
  for (const std::string& piece : served_.pieces(kOp)) EXPECT_LE(piece.size(), kWriteBytesMax);
}

TEST_F(AnswerTest, NoRoomAtAnyWriteLosesAndRepeatsNothing) {
  lines_.add(std::string(2 * kWriteBytesMax, 'y'));
  lines_.add_in_turn(300);
  const AnswerForm forms[] = {{.format = Format::kJson},
                              {.format = Format::kKvmd, .entry_a_piece = true},
                              {.format = Format::kJson, .messages = true, .shared = false}};
  bp_op op = 100;
  for (const AnswerForm& form : forms) {
    Answer free(served_.host, served_.begin(++op), lines_.reader(), form);
    finish(free);
    const auto expected = served_.pieces(op);
    for (std::size_t writes = 0; writes < expected.size(); writes += form.entry_a_piece || form.messages ? 37 : 1) {
      Answer held(served_.host, served_.begin(++op), lines_.reader(), form);
      served_.fake.allow_writes(writes);
      State state = State::kMore;
      while (state == State::kMore) state = held.work(tail_);
      ASSERT_EQ(state, State::kBlocked);
      ASSERT_EQ(served_.pieces(op).size(), writes);
      served_.fake.spend_window();
      EXPECT_EQ(held.work(tail_), State::kBlocked);  // told that there is room where there is none
      EXPECT_EQ(finish(held), State::kOver);
      EXPECT_EQ(served_.pieces(op), expected);
    }
  }
}

TEST_F(AnswerTest, AClientThatHasGoneIsReadForNoMore) {
  lines_.add_in_turn(5);
  Answer all = answer({.format = Format::kJson});
  served_.fake.mark_ended(kOp);
  EXPECT_EQ(finish(all), State::kOver);
  EXPECT_THAT(served_.pieces(kOp), IsEmpty());
}

TEST_F(AnswerTest, AFollowerWithAFilterWaitsAndGoesOn) {
  lines_.add_in_turn(1);
  Query query;
  query.follow = true;
  Answer follower = answer({.format = Format::kShort, .follow = true}, query);
  EXPECT_EQ(finish(follower), State::kWaiting);
  EXPECT_EQ(served_.body(kOp), whole(Format::kShort));
  lines_.add("next");
  EXPECT_EQ(finish(follower), State::kWaiting);
  EXPECT_EQ(served_.body(kOp), whole(Format::kShort));
  EXPECT_FALSE(served_.ended(kOp));
}

TEST_F(AnswerTest, AFollowerWithACountEndsWithIt) {
  lines_.add_in_turn(1);
  Query query = at("", 0, 2);
  query.follow = true;
  Answer follower = answer({.format = Format::kShort, .follow = true}, query);
  EXPECT_EQ(finish(follower), State::kWaiting);
  lines_.add("next");
  lines_.add("one too many");
  EXPECT_EQ(finish(follower), State::kOver);
  EXPECT_EQ(served_.body(kOp), whole(Format::kShort, at("", 0, 2)));
}

TEST_F(AnswerTest, AfterTheHandOverTheFeedBeginsWhereTheBacklogEnds) {
  lines_.add_in_turn(3);
  Answer follower = answer({.format = Format::kJson, .follow = true, .shared = true});
  EXPECT_EQ(finish(follower), State::kOver);
  ASSERT_THAT(served_.calls(kOp, "attach"), SizeIs(1));
  EXPECT_EQ(served_.calls(kOp, "attach")[0].feed, feed_of(Format::kJson, true));
  EXPECT_EQ(served_.body(kOp), whole(Format::kJson));
  EXPECT_FALSE(served_.ended(kOp));
  EXPECT_EQ(served_.fake.places().size(), 1u);  // where a restarted plugin would go on
  lines_.add("next");
  tail_.pump();
  const auto published = served_.fake.take_published();
  EXPECT_NE(published.at(0).id, served_.fake.places().at(published.at(0).feed));
  ASSERT_THAT(published, SizeIs(1));
  EXPECT_EQ(served_.body(kOp) + published[0].bytes + "\n", whole(Format::kJson));
}

TEST_F(AnswerTest, WhatComesWhileTheLastOfTheBacklogWaitsForRoomComesOnce) {
  lines_.add_in_turn(2);
  ASSERT_TRUE(tail_.open());
  tail_.want(feed_of(Format::kJson, true), true);  // somebody else reads already
  Answer follower = answer({.format = Format::kJson, .follow = true, .shared = true});
  served_.fake.spend_window();
  EXPECT_EQ(follower.work(tail_), State::kBlocked);
  lines_.add("meanwhile");
  tail_.pump();
  EXPECT_THAT(served_.fake.take_published(), SizeIs(1));
  EXPECT_EQ(finish(follower), State::kOver);
  EXPECT_TRUE(served_.attached(kOp));
  EXPECT_EQ(served_.body(kOp), whole(Format::kJson));
  EXPECT_THAT(served_.fake.take_published(), IsEmpty());
}

TEST_F(AnswerTest, WhatComesBetweenTheBacklogAndTheSharedReaderComesOnceAlsoWithoutRoom) {
  for (const bool room : {true, false}) {
    Tail tail(served_.host, [&](const Query& query, Fields) {
      lines_.add("between");
      if (!room) served_.fake.spend_window();
      return lines_.log().open(query, nullptr);
    });
    lines_.add("backlog");
    const bp_op op = room ? 1 : 2;
    Answer follower(served_.host, served_.begin(op), lines_.reader(),
                    {.format = Format::kJson, .follow = true, .shared = true});
    EXPECT_EQ(follower.work(tail), room ? State::kOver : State::kBlocked);
    if (!room) {
      EXPECT_EQ(follower.work(tail), State::kOver);
    }
    EXPECT_TRUE(served_.attached(op));
    EXPECT_EQ(served_.body(op), whole(Format::kJson));
    tail.pump();
    EXPECT_THAT(served_.fake.take_published(), IsEmpty());
  }
}

TEST_F(AnswerTest, IsNotHandedOverWhileTheHostTakesNoItems) {
  lines_.add_in_turn(1);
  ASSERT_TRUE(tail_.open());
  tail_.want(feed_of(Format::kJson, true), true);
  Answer follower = answer({.format = Format::kJson, .follow = true, .shared = true});
  lines_.add("stalled");
  served_.fake.allow_items(0);
  EXPECT_EQ(finish(follower), State::kWaiting);
  EXPECT_FALSE(served_.attached(kOp));
  served_.fake.allow_items(10);
  EXPECT_EQ(finish(follower), State::kOver);
  EXPECT_TRUE(served_.attached(kOp));
  EXPECT_EQ(served_.body(kOp), whole(Format::kJson));
}

TEST_F(AnswerTest, AClientThatIsGoneAtTheHandOverMakesNoFeedWanted) {
  Answer follower = answer({.format = Format::kJson, .follow = true, .shared = true});
  served_.fake.mark_ended(kOp);
  EXPECT_EQ(finish(follower), State::kOver);
  EXPECT_FALSE(tail_.wanted());
}

TEST_F(AnswerTest, IsCutOffWithAReasonWhereTheSharedReaderCannotBe) {
  Tail none(served_.host, [](const Query&, Fields) -> sdk::Result<std::unique_ptr<EntryReader>> {
    return sdk::Failure{503, "no more descriptors"};
  });
  Answer follower = answer({.format = Format::kJson, .follow = true, .shared = true});
  EXPECT_EQ(follower.work(none), State::kOver);
  EXPECT_EQ(follower.problem(), "no more descriptors");
  EXPECT_THAT(served_.body(kOp),
              testing::HasSubstr("the log ends here for now, and is not whole: no more descriptors"));
  EXPECT_TRUE(served_.ended(kOp));
}

}  // namespace
}  // namespace backplane::log_stream
