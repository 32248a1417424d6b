// The built plugin, driven through its C tables as a host drives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/feeds.hpp"
#include "log-stream/limits.hpp"
#include "support/plugin_fixture.hpp"

namespace backplane::log_stream {
namespace {

using test::Asked;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSecrets = "logs.secrets";

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
  const auto filtered = [](std::int32_t uid) { return Asked{.query = {{"follow", "1"}, {"level", "6"}}, .uid = uid}; };
  const bp_op first = ask("entries", filtered(1));
  ask("entries", filtered(2));
  const test::Answer answer = refusal("entries", filtered(3));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text, "too many clients follow the log with filters; try again later, or follow without filters");
  EXPECT_NE(body("get-logs"), "");
  EXPECT_EQ(host_.watches().size(), 2U);
  plugin_->end(first);
  EXPECT_EQ(host_.watches().size(), 1U);
  EXPECT_EQ(head_of(ask("entries", filtered(3))).call, "begin");
}

TEST_F(LogStreamPlugin, OneUserTakesAShareOfTheFollowersWithFiltersAndNoMore) {
  start();
  const auto filtered = [](std::int32_t uid) { return Asked{.query = {{"follow", "1"}, {"level", "6"}}, .uid = uid}; };
  const bp_op first = ask("entries", filtered(1));
  const test::Answer answer = refusal("entries", filtered(1));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text,
            "this user follows the log with filters 1 times already, which is a user's share; end one of these, or "
            "follow without filters");
  EXPECT_EQ(head_of(ask("entries", filtered(2))).call, "begin");
  EXPECT_EQ(head_of(ask("entries", {.query = {{"follow", "1"}}, .uid = 1})).call, "begin");
  plugin_->end(first);
  EXPECT_EQ(head_of(ask("entries", filtered(1))).call, "begin");
}

TEST_F(LogStreamPlugin, AuditLinesAreForThoseWhoMaySeeSecretsWhateverIsMasked) {
  files_.write("audit", {said(3, "audit: login.refused user 'my password' from 192.0.2.7 door kvmd"),
                         said(4, "audit: type=1400 audit(1.2:3): apparmor=\"DENIED\"")});
  start(config("[]"));
  const std::string shown = body("entries");
  EXPECT_THAT(shown, HasSubstr("audit: login.refused user '***"));
  EXPECT_THAT(shown, Not(HasSubstr("my password")));
  EXPECT_THAT(shown, Not(HasSubstr("192.0.2.7")));
  EXPECT_THAT(shown, HasSubstr("apparmor="));
  EXPECT_EQ(body("entries", {.query = {{"grep", "my password"}}}), "");
  EXPECT_THAT(list("field", {.path = {{"name", "MESSAGE"}}}), Not(HasSubstr("my password")));
  EXPECT_THAT(body("entries", {.scopes = {kSecrets}}), HasSubstr("user 'my password' from 192.0.2.7"));
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

TEST_F(LogStreamPlugin, NewMasksHoldForNewReadersAndOldOnesAreEndedAndToldWhy) {
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
  EXPECT_THAT(body_of(old), EndsWith("is not whole: the configuration of the log has changed; ask again\n"));
  EXPECT_THAT(body_of(old), Not(HasSubstr("key=abc")));
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

}  // namespace
}  // namespace backplane::log_stream
