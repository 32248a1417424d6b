// The built plugin on a machine that has no journal, or none yet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "log-stream/feeds.hpp"
#include "support/daemon_lines.hpp"
#include "support/plugin_fixture.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// A directory that has no journal yet.
class LogStreamPluginWithoutAJournal : public LogStreamPlugin {
 protected:
  LogStreamPluginWithoutAJournal() { start(config(R"json(["pin=(\\d+)"])json", "true", empty_.path())); }
  bp_cookie log() const { return host_.subscriptions().begin()->first; }

  JournalFiles empty_;
};

TEST_F(LogStreamPluginWithoutAJournal, TheDaemonsOwnLogStandsInAndThatIsSaidOnce) {
  ASSERT_EQ(host_.subscriptions().size(), 1U);
  EXPECT_EQ(host_.subscriptions().begin()->second, "host/log");
  EXPECT_THAT(host_.log(), ElementsAre(EndsWith("; the daemon's own log is shown instead")));
  EXPECT_THAT(host_.state_text(), StartsWith("there are no journal files in " + empty_.path()));
  plugin_->item(log(), daemon_item(kBeginUs, "hello pin=1"));
  EXPECT_THAT(body("entries"), EndsWith("backplaned: hello pin=***\n"));
  plugin_->timer(*host_.timers().begin());
  EXPECT_EQ(host_.log().size(), 1U);
  EXPECT_EQ(host_.subscriptions().size(), 1U);
}

TEST_F(LogStreamPluginWithoutAJournal, FollowersGetItsLines) {
  const bp_op own = ask("entries", {.query = {{"follow", "1"}, {"level", "4"}}});
  plugin_->demand(feed_of(Format::kShort, true), true);
  plugin_->item(log(), daemon_item(kBeginUs, "careful pin=1", 4));
  plugin_->item(log(), daemon_item(kBeginUs + 1, "talk", 6));
  EXPECT_THAT(body_of(own), EndsWith("careful pin=***\n"));
  EXPECT_EQ(host_.take_published().size(), 2U);
  plugin_->demand(feed_of(Format::kShort, true), false);
  plugin_->item(log(), daemon_item(kBeginUs + 2, "unread", 6));
  EXPECT_THAT(host_.take_published(), IsEmpty());
}

TEST_F(LogStreamPluginWithoutAJournal, WhatNeedsAJournalSaysWhyThereIsNone) {
  for (const test::Answer& answer : {refusal("boots"), refusal("field", {.path = {{"name", "MESSAGE"}}})}) {
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.text, StartsWith("there are no journal files in " + empty_.path()));
  }
}

TEST_F(LogStreamPluginWithoutAJournal, AJournalThatAppearsIsReadFromThenOn) {
  plugin_->item(log(), daemon_item(kBeginUs, "of the daemon"));
  const bp_op own = ask("entries", {.query = {{"follow", "1"}, {"level", "6"}}});
  plugin_->demand(feed_of(Format::kShort, true), true);
  empty_.write("system", {said(0, "of the journal")});
  plugin_->timer(*host_.timers().begin());
  EXPECT_THAT(host_.subscriptions(), IsEmpty());
  EXPECT_EQ(host_.state_text(), "");
  EXPECT_EQ(host_.answers().back().call, "end");
  EXPECT_EQ(host_.answers().back().op, own);
  EXPECT_THAT(body("entries"), EndsWith("of the journal\n"));
  EXPECT_THAT(list("boots"), HasSubstr(kBootA));
  ASSERT_EQ(host_.watches().size(), 1U);
  empty_.write("system", {said(1, "next")});
  plugin_->fd(host_.watches().begin()->first);
  const auto published = host_.take_published();
  ASSERT_EQ(published.size(), 1U);
  EXPECT_THAT(published[0].bytes, EndsWith("next"));
}

TEST_F(LogStreamPluginWithoutAJournal, StoppingLeavesNoTimer) {
  plugin_->stop();
  EXPECT_EQ(host_.dones().back().status, BP_OK);
  EXPECT_THAT(host_.timers(), IsEmpty());
}

TEST_F(LogStreamPlugin, AJournalThatIsGoneIsNoticedAndItsReadersAreToldAndEnded) {
  start();
  const bp_op own = ask("entries", {.query = {{"follow", "1"}, {"level", "4"}}});
  std::filesystem::remove_all(files_.path());
  plugin_->timer(*host_.timers().begin());
  EXPECT_THAT(host_.state_text(), EndsWith("; the daemon's own log is shown instead"));
  EXPECT_THAT(body_of(own), EndsWith("is not whole: there is another log now; ask again\n"));
  EXPECT_EQ(host_.subscriptions().size(), 1U);
  std::filesystem::create_directory(files_.path());
  files_.write("again", {said(1, "back")});
  plugin_->timer(*host_.timers().begin());
  EXPECT_EQ(host_.state_text(), "");
  EXPECT_THAT(body("entries"), EndsWith(": back\n"));
}

TEST_F(LogStreamPlugin, AJournalThatHasMovedGoesOnForFollowersBehindWhatTheyHave) {
  start();
  ask("entries", {.query = {{"follow", "1"}}});
  run_posts();
  ASSERT_EQ(host_.places().size(), 1U);  // it reads a feed
  files_.write("system", {said(20, "before it moves")});
  const std::string old = files_.path() + "-old";
  std::filesystem::rename(files_.path(), old);
  std::filesystem::create_directory(files_.path());
  std::filesystem::copy(old, files_.path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(old);
  plugin_->timer(*host_.timers().begin());
  const auto published = host_.take_published();
  ASSERT_EQ(published.size(), 1U);
  EXPECT_THAT(published[0].bytes, EndsWith(": before it moves"));
}

}  // namespace
}  // namespace backplane::log_stream
