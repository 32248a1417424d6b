// backplane.http/1: answers, their order and their statuses.
#include "contract/probe_test.hpp"
#include "link/limits.hpp"

namespace backplane::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

class Answer : public ProbeTest {};
INSTANTIATE_TEST_SUITE_P(Links, Answer, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Answer, AWholeAnswerReachesTheClientAndEndsTheOperationOnce) {
  const auto exchange = host->ask({.path = "/do", .query = "save:a,respond:201"});
  EXPECT_EQ(exchange->status(), 201);
  EXPECT_EQ(exchange->body(), "ok");
  EXPECT_EQ(exchange->head->content_type, "text/plain");
  EXPECT_THAT(journal_until("in_on_end GONE"),
              ElementsAre("start OK", "start_again INVALID", "respond OK", "on_end a DONE", "in_on_end GONE"));
}

TEST_P(Answer, ASecondAnswerIsInvalidAndTheFirstOneStands) {
  const auto exchange = host->ask({.path = "/do", .query = "respond:201,respond:202,fail:500,begin"});
  EXPECT_EQ(exchange->status(), 201);
  EXPECT_THAT(journal_until("begin INVALID"), IsSupersetOf({"respond OK", "respond INVALID", "fail INVALID"}));
}

TEST_P(Answer, EveryCommandAfterTheEndIsGone) {
  host->ask({.path = "/do", .query = "save:a,respond:200"});
  journal_until("on_end a DONE");
  EXPECT_THAT(journal_of("use:a,respond:200,fail:500,begin,write:1,end,consume:0,own"),
              ElementsAre("respond GONE", "fail GONE", "begin GONE", "write GONE", "end GONE", "consume GONE"));
}

TEST_P(Answer, AnOperationThatNeverWasIsGone) {
  EXPECT_THAT(journal_of("use:none,respond:200,fail:404,own"), ElementsAre("respond GONE", "fail GONE"));
}

TEST_P(Answer, BadValuesAreInvalidAndTheOperationCanStillBeAnswered) {
  const auto lines = journal_of(
      "respond:199,respond:600,respond_null,respond_short,respond_newline,respond_header:Content-Length:4,"
      "respond_header:Bad Name:x,respond:204:3,fail:399,fail:600,fail:400:Bad-Class,write:1,end,consume:1");
  EXPECT_THAT(lines, testing::Each(HasSubstr(" INVALID")));
  EXPECT_EQ(lines.size(), 14u);
}

TEST_P(Answer, ABodyOverEightMebibytesIsOverTheLimit) {
  EXPECT_THAT(journal_of("respond:200:" + std::to_string(link::limits::kAnswerBodyBytesMax + 1)),
              ElementsAre("respond LIMIT"));
  const auto whole =
      host->ask({.path = "/do", .query = "respond:200:" + std::to_string(link::limits::kAnswerBodyBytesMax)});
  EXPECT_EQ(whole->body().size(), link::limits::kAnswerBodyBytesMax);
}

TEST_P(Answer, AHeaderOfThePluginReachesTheClient) {
  const auto exchange = host->ask({.path = "/do", .query = "respond_header:X-Probe:yes"});
  ASSERT_EQ(exchange->head->headers.size(), 1u);
  EXPECT_EQ(exchange->head->headers[0].name, "X-Probe");
  EXPECT_EQ(exchange->head->headers[0].value, "yes");
}

TEST_P(Answer, AFailureIsRenderedInTheStyleOfTheRoute) {
  const auto exchange = host->ask({.path = "/do", .query = "fail:404:GpioChannelNotFoundError"});
  EXPECT_EQ(exchange->status(), 404);
  EXPECT_THAT(exchange->body(), HasSubstr("\"error\": \"GpioChannelNotFoundError\""));
  EXPECT_THAT(exchange->body(), HasSubstr("\"error_msg\": \"why\""));
}

TEST_P(Answer, FreshnessCountsOnASafeRouteWithStatus200Only) {
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond_fresh:200:900"})->head->fresh_ms, 900);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond_fresh:201:900"})->head->fresh_ms, 0);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond_fresh:200:-5"})->head->fresh_ms, 0);
  EXPECT_EQ(host->ask({.method = "POST", .path = "/change", .query = "respond_fresh:200:900"})->head->fresh_ms, 0);
}

TEST_P(Answer, ThePluginMayAnswerLaterAndInAnyOrder) {
  const auto first = run("save:a");
  const auto second = run("save:b");
  run("use:b,respond:202,use:a,respond:201");
  ASSERT_TRUE(host->wait([&] { return first->finished && second->finished; }));
  EXPECT_EQ(first->status(), 201);
  EXPECT_EQ(second->status(), 202);
}

TEST_P(Answer, ARequestArrivesWholeAndWithoutItsCredentials) {
  auto principal = std::make_shared<exchange::Principal>();
  principal->uid = 7;
  principal->user = "eva";
  principal->role = "viewer";
  principal->scopes = {"a.read", "probe.use"};
  principal->session = 42;
  const auto exchange = host->ask({.method = "POST",
                                   .path = "/look/one/two/three",
                                   .query = "x=1",
                                   .headers = {{"Host", "device"},
                                               {"Authorization", "Bearer s3cret"},
                                               {"cookie", "auth_token=s3cret"},
                                               {"X-KVMD-User", "s3cret"},
                                               {"X-KVMD-Passwd", "s3cret"},
                                               {"Proxy-Authorization", "s3cret"},
                                               {"Gravwell-Token", "s3cret"},
                                               {"Sec-WebSocket-Protocol", "chat, aaaa.s3cret.cccc"},
                                               {"Accept", "*/*"}},
                                   .principal = principal,
                                   .fields = {{"size", "1"}, {"size", "2"}}});
  EXPECT_EQ(exchange->body(),
            "POST /look/one/two/three ?x=1\nparameter name=one\nparameter rest=two/three\nfield size=1\nfield size=2\n"
            "header Host=device\nheader Accept=*/*\nuser eva 7 viewer 42\nscope a.read\nscope probe.use\n"
            "from 192.0.2.7 trace 0000000000000abc timeout 30000\n");
}

TEST_P(Answer, OverSixtyFourUnansweredRequestsTheClientHears503WithRetryAfter) {
  std::vector<std::shared_ptr<Exchange>> open;
  for (std::size_t i = 0; i < link::limits::kOperationsPerPluginMax; ++i)
    open.push_back(run("save:" + std::to_string(i)));
  const auto refused = run("respond:200");
  ASSERT_TRUE(refused->finished);
  EXPECT_EQ(refused->status(), 503);
  ASSERT_EQ(refused->head->headers.size(), 1u);
  EXPECT_EQ(refused->head->headers[0].name, "Retry-After");
  EXPECT_THAT(refused->body(), HasSubstr("UnavailableError"));
  open[3]->operation->finish(op::End::kClientGone);
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
}

TEST_P(Answer, AClientThatLeavesEndsItsOperationAtOnce) {
  const auto exchange = run("save:a");
  exchange->operation->finish(op::End::kClientGone);
  journal_until("on_end a CLIENT_GONE");
  EXPECT_THAT(journal_of("use:a,respond:200,own"), ElementsAre("respond GONE"));
}

TEST_P(Answer, ARevokedSessionEndsItsOperation) {
  const auto exchange = run("save:a,begin");
  ASSERT_TRUE(host->wait([&] { return exchange->head.has_value(); }));
  exchange->operation->finish(op::End::kRevoked);
  journal_until("on_end a REVOKED");
}

TEST_P(Answer, NoAnswerInTheRoutesTimeEndsTheOperationByDeadline) {
  const auto exchange = run("save:a");
  host->clock.advance_ms(4999);
  host->table.end_overdue();
  EXPECT_FALSE(exchange->operation->ended());
  host->clock.advance_ms(1);
  host->table.end_overdue();
  EXPECT_EQ(exchange->operation->end_reason(), op::End::kDeadline);  // the connection answers 504
  journal_until("on_end a DEADLINE");
}

// 70,000 bytes fill a socket's first read, 2,000,000 are more than a frame.
TEST_P(Answer, LargeAnswersComeWhole) {
  for (const std::size_t bytes : {std::size_t{70'000}, std::size_t{2'000'000}, link::limits::kAnswerBodyBytesMax}) {
    const auto exchange = host->ask({.path = "/do", .query = "respond:200:" + std::to_string(bytes)});
    EXPECT_EQ(exchange->body(), std::string(bytes, 'b'));
  }
}

TEST_P(Answer, LargeRequestsComeWhole) {
  const std::string value(1'500'000, 'v');
  const auto exchange = host->ask({.method = "POST", .path = "/look/a/b", .fields = {{"f", value}}});
  EXPECT_THAT(exchange->body(), testing::HasSubstr("field f=" + value + "\n"));
}

}  // namespace
}  // namespace backplane::contract
