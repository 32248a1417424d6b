// The built plugin, driven through its C tables as a host drives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "daemon_lines.hpp"
#include "journal_files.hpp"
#include "log-stream/feeds.hpp"
#include "log-stream/limits.hpp"
#include "log-stream/log_source.hpp"
#include "unit/plugin_api/loaded_instance.hpp"

namespace backplane::log_stream {
namespace {

using test::Asked;
using test::FakeHost;
using test::LoadedInstance;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSecrets = "logs.secrets";

class LogStreamPlugin : public testing::Test {
 protected:
  LogStreamPlugin() { files_.write("system", {said(0, "first"), said(1, "pin=1234"), said(2, "last")}); }

  // The defaults of the manifest, with what a test changes.
  std::string config(const std::string& rules = R"json(["pin=(\\d+)"])json", const std::string& kvmd = "true",
                     const std::string& directory = "") const {
    return R"({"directory": ")" + (directory.empty() ? files_.path() : directory) + R"(", "kvmd_enabled": )" + kvmd +
           R"(, "kvmd_units": ["cgminer.service"], "filtered_followers_max": 2, "mask_defaults": false, "mask_rules": )" +
           rules + "}";
  }
  void start(const std::string& json) {
    plugin_.emplace(LOG_STREAM_PLUGIN, host_, json);
    ASSERT_FALSE(plugin_->refused());
    plugin_->start();
    ASSERT_EQ(host_.dones().size(), 1U);
    ASSERT_EQ(host_.dones()[0].status, BP_OK);
  }
  void start() { start(config()); }
  void run_posts() {
    for (auto posts = host_.take_posts(); !posts.empty(); posts = host_.take_posts()) {
      for (const bp_cookie cookie : posts) plugin_->post(cookie);
    }
  }
  // The number of an operation that stays open.
  bp_op ask(std::string_view route, const Asked& asked = {}) {
    plugin_->request(++last_op_, route, asked);
    return last_op_;
  }
  test::Answer head_of(bp_op op) const {
    for (const test::Answer& answer : host_.answers()) {
      if (answer.op == op) return answer;
    }
    return {};
  }
  std::string body_of(bp_op op) const {
    std::string text;
    for (const test::Answer& answer : host_.answers()) {
      if (answer.op == op && answer.call == "write") text += answer.text;
    }
    return text;
  }
  // Of an answer that ends by itself.
  std::string body(std::string_view route, const Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    run_posts();
    plugin_->end(op);
    return body_of(op);
  }
  test::Answer refusal(std::string_view route, const Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    plugin_->end(op);
    const test::Answer answer = head_of(op);
    EXPECT_EQ(answer.call, "fail") << route;
    return answer;
  }
  std::string list(std::string_view route, const Asked& asked = {}) {
    const bp_op op = ask(route, asked);
    for (const FakeHost::Job& job : host_.take_jobs()) {
      job.work(job.argument);
      plugin_->blocking_done(job.cookie);
    }
    plugin_->end(op);
    return head_of(op).text;
  }
  WrittenEntry of_this_boot(std::uint64_t second, const std::string& message) const {
    WrittenEntry entry = said(second, message);
    entry.boot_id = LogSource().boot_id();
    return entry;
  }

  JournalFiles files_;
  FakeHost host_;
  std::optional<LoadedInstance> plugin_;
  bp_op last_op_ = 0;
};

TEST_F(LogStreamPlugin, GivesTheWholeLogAsAFile) {
  start();
  const bp_op op = ask("get-logs", {.scopes = {kSecrets}});
  EXPECT_EQ(head_of(op).content_type, "text/plain");
  EXPECT_THAT(head_of(op).headers, testing::Contains(std::pair<std::string, std::string>(
                                       "Content-Disposition", "attachment; filename=\"logs.txt\"")));
  EXPECT_THAT(body_of(op), EndsWith("last\n"));
  EXPECT_THAT(body_of(op), HasSubstr("pin=1234"));
  EXPECT_EQ(host_.answers().back().call, "end");
  EXPECT_THAT(host_.log(), IsEmpty());
}

TEST_F(LogStreamPlugin, HeadHasTheHeadersAndNoBody) {
  start();
  const bp_op op = ask("entries", {.headers = {{"Accept", "application/json"}}, .method = "HEAD"});
  EXPECT_EQ(head_of(op).content_type, "application/json");
  EXPECT_EQ(body_of(op), "");
  EXPECT_EQ(host_.answers().back().call, "end");
}

TEST_F(LogStreamPlugin, WhoLacksTheScopeSeesNoSecret) {
  start();
  EXPECT_THAT(body("entries"), HasSubstr("pin=***"));
  EXPECT_THAT(body("entries", {.scopes = {kSecrets}}), HasSubstr("pin=1234"));
}

TEST_F(LogStreamPlugin, EntriesComeInTheFormAskedFor) {
  start();
  EXPECT_THAT(body("entries", {.query = {{"format", "json"}}}), StartsWith("{"));
  EXPECT_THAT(body("entries", {.query = {{"format", "events"}}}), StartsWith("data: {"));
  EXPECT_THAT(body("entries", {.query = {{"format", "export"}}}), StartsWith("__CURSOR="));
  EXPECT_THAT(body("entries", {.query = {{"format", "text"}}, .headers = {{"Accept", "application/json"}}}),
              HasSubstr("cgminer[231]: first\n"));
}

TEST_F(LogStreamPlugin, WhatMakesNoSenseIsRefusedInWords) {
  start();
  const auto text = [&](std::string_view route, const test::Pairs& query) {
    const test::Answer answer = refusal(route, {.query = query});
    EXPECT_EQ(answer.status, 400);
    return answer.text;
  };
  EXPECT_EQ(text("entries", {{"format", "xml"}}), "format: write text, json, events or export");
  EXPECT_EQ(text("live", {{"format", "export"}}), "format: write json or text");
  for (const char* lines : {"-1", "10001", "x", "", "1x"}) {
    EXPECT_EQ(text("live", {{"lines", lines}}), "lines: write a number from 0 to 10000");
  }
  EXPECT_THAT(text("entries", {{"grep", "(x"}}), StartsWith("grep is no valid pattern"));
  EXPECT_NE(text("entries", {{"nonsense", "1"}}), "");
  EXPECT_THAT(refusal("field", {.path = {{"name", "a b"}}}).text, StartsWith("a field of the journal has 1 to 64"));
  EXPECT_EQ(refusal("entries", {.headers = {{"Range", "entries=s=1"}}}).status, 400);
}

TEST_F(LogStreamPlugin, PostingToTheStreamHasItsOwnRefusal) {
  start();
  const test::Answer answer = head_of(ask("stream-logs-post"));
  EXPECT_EQ(answer.status, 406);
  EXPECT_EQ(answer.text, "Unsupported method.\n");
}

TEST_F(LogStreamPlugin, KvmdsLogHasTheRecordsOfThisBootAsItWritesThem) {
  files_.write("system", {of_this_boot(10, "now"), of_this_boot(11, "pin=77")});
  start();
  const std::string text = body("kvmd-log");
  EXPECT_THAT(text, HasSubstr(" cgminer.service] --- now\r\n"));
  EXPECT_THAT(text, EndsWith("pin=***\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("first")));
}

TEST_F(LogStreamPlugin, KvmdsLogRefusesAsKvmdDoes) {
  start();
  EXPECT_EQ(refusal("kvmd-log", {.query = {{"seek", "-1"}}}).status, 400);
  EXPECT_EQ(refusal("kvmd-log", {.query = {{"follow", "maybe"}}}).status, 400);
}

TEST_F(LogStreamPlugin, KvmdsLogMayBeSwitchedOff) {
  start(config("[]", "false"));
  const test::Answer answer = refusal("kvmd-log");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.text, "LogReader is disabled");
}

TEST_F(LogStreamPlugin, AFollowerGetsTheBacklogAndIsHandedOver) {
  start();
  const bp_op op = ask("stream-logs", {.scopes = {kSecrets}});
  EXPECT_THAT(body_of(op), EndsWith("last\n"));
  EXPECT_EQ(host_.answers().back().call, "attach");
  EXPECT_EQ(host_.answers().back().feed, feed_of(Format::kShort, false));
}

TEST_F(LogStreamPlugin, AWebSocketBeginsWithTheLastLinesAskedFor) {
  start();
  const bp_op op = ask("live", {.query = {{"format", "text"}, {"lines", "1"}}});
  EXPECT_THAT(body_of(op), EndsWith("last"));
  EXPECT_THAT(body_of(op), Not(HasSubstr("pin")));
  EXPECT_EQ(host_.answers().back().call, "attach");
  EXPECT_EQ(host_.answers().back().kind, BP_DATA_TEXT);
  const bp_op none = ask("live");
  EXPECT_EQ(body_of(none), "");
  EXPECT_EQ(host_.answers().back().feed, feed_of(Format::kJson, true));
}

TEST_F(LogStreamPlugin, AFollowerFromALaterTimeSharesNothingThatIsEarlier) {
  start();
  const bp_op op = ask("entries", {.query = {{"follow", "1"}, {"since", "4000000000"}}});
  EXPECT_EQ(head_of(op).call, "begin");
  EXPECT_NE(host_.answers().back().call, "attach");
  EXPECT_EQ(host_.watches().size(), 1U);
}

TEST_F(LogStreamPlugin, OnlySoManyFollowWithFilters) {
  start();
  const Asked filtered{.query = {{"follow", "1"}, {"level", "6"}}};
  const bp_op first = ask("entries", filtered);
  ask("entries", filtered);
  const test::Answer answer = refusal("entries", filtered);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text, "too many clients follow the log with filters; try again later, or follow without filters");
  EXPECT_NE(body("get-logs"), "");
  EXPECT_EQ(host_.watches().size(), 2U);
  plugin_->end(first);
  EXPECT_EQ(host_.watches().size(), 1U);
  EXPECT_EQ(head_of(ask("entries", filtered)).call, "begin");
}

TEST_F(LogStreamPlugin, OnlySoManyReadAtOnce) {
  files_.write("more", said_in_turn(10, kEntriesPerSlice));
  start();
  for (std::size_t i = 0; i < kReadersMax; ++i) ask("get-logs");
  const test::Answer answer = refusal("entries", {.query = {{"follow", "1"}, {"level", "6"}}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text, "too many clients read the log at this moment; try again in a second");
  run_posts();
  EXPECT_NE(body("get-logs"), "");
}

TEST_F(LogStreamPlugin, ListsAreMadeBesideItsThread) {
  start();
  EXPECT_THAT(list("boots"), StartsWith(R"({"boots":[{"index":0,"boot_id":")" + kBootA));
  EXPECT_EQ(list("field", {.path = {{"name", "MESSAGE"}}}),
            R"({"field":"MESSAGE","values":["first","last","pin=***"],"more":false})");
  EXPECT_THAT(list("field", {.path = {{"name", "MESSAGE"}}, .scopes = {kSecrets}}), HasSubstr("pin=1234"));
}

TEST_F(LogStreamPlugin, NewMasksHoldForNewReadersAndOldOnesKeepTheirs) {
  files_.write("more", [] {
    auto entries = said_in_turn(10, kEntriesPerSlice);
    entries.push_back(said(4000, "pin=99 key=abc"));
    return entries;
  }());
  start();
  const bp_op old = ask("entries");
  plugin_->configure(config(R"json(["key=(\\w+)"])json"));
  EXPECT_EQ(host_.dones().back().status, BP_OK);
  run_posts();
  EXPECT_THAT(body_of(old), EndsWith("pin=*** key=abc\n"));
  EXPECT_THAT(body("entries"), EndsWith("pin=99 key=***\n"));
}

TEST_F(LogStreamPlugin, AConfigurationThatCannotBeIsRefusedAndTheOldOneStays) {
  start();
  plugin_->configure(config(R"(["no group"])"));
  EXPECT_EQ(host_.dones().back().status, BP_E_INVALID);
  EXPECT_THAT(host_.dones().back().text, HasSubstr("1"));
  EXPECT_THAT(body("entries"), HasSubstr("pin=***"));
}

TEST_F(LogStreamPlugin, AnotherDirectoryNeedsARestart) {
  start();
  plugin_->configure(config("[]", "true", "/elsewhere"));
  EXPECT_EQ(host_.dones().back().status, BP_E_UNSUPPORTED);
  EXPECT_THAT(body("entries"), HasSubstr("pin=***"));
}

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

}  // namespace
}  // namespace backplane::log_stream
