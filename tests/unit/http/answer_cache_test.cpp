#include "http/answer_cache.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "http/limits.hpp"
#include "op/limits.hpp"

namespace backplane::http {
namespace {

using op::End;
using op::Operation;
using Phase = op::Operation::Phase;

exchange::Response answer(std::string body, std::int64_t fresh_ms, int status = 200) {
  exchange::Response response;
  response.status = status;
  response.body = std::move(body);
  response.fresh_ms = fresh_ms;
  return response;
}

// Stands for the connections and for the plugin: handlers only note their calls, the test answers them.
class AnswerCacheTest : public testing::Test {
 protected:
  AnswerCacheTest() {
    Route made;
    made.owner = "kvm";
    made.method = "GET";
    made.pattern = "/info";
    made.scope = "a";
    made.safe = true;
    made.timeout_ms = 1000;
    made.handler = [this](const std::shared_ptr<Operation>& operation) { calls.push_back(operation); };
    route = std::make_shared<const Route>(made);
    viewer->role = "viewer";
    admin->role = "admin";
  }

  static std::shared_ptr<exchange::Request> request(std::shared_ptr<exchange::Principal> who,
                                                    std::string_view query = {}, std::string_view method = "GET") {
    auto made = std::make_shared<exchange::Request>();
    made->method = method;
    made->path = "/info";
    made->query = query;
    made->principal = std::move(who);
    return made;
  }

  // What a connection does with a request that was admitted: a copy, else an operation.
  std::shared_ptr<Operation> ask(const std::shared_ptr<const exchange::Request>& asked) {
    const auto copy = cache.find(*route, *asked);
    auto operation = std::make_shared<Operation>(asked, route->style, route->timeout_ms);
    table.open(operation);
    if (copy) {
      operation->respond(*copy);
    } else {
      table.start_deadline(*operation);
      cache.call(route, operation);
    }
    return operation;
  }

  // What the client gets, or what its operation ended with.
  std::string take(const std::shared_ptr<Operation>& operation) {
    if (operation->ended()) return std::string(op::end_name(*operation->end_reason()));
    if (operation->phase() != Phase::kWhole) return "waits";
    exchange::Response response = operation->take_response();
    cache.offer(route, operation->request(), response);
    operation->finish(End::kDone);
    return std::to_string(response.status) + " " + std::string(response.bytes());
  }

  void run_posted() {
    while (!posted.empty()) {
      const auto next = std::move(posted.front());
      posted.pop_front();
      next();
    }
  }

  // After this the route joins, and no copy is fresh.
  void opt_in() {
    const auto operation = ask(request(viewer));
    calls.back()->respond(answer("first", 1));
    ASSERT_EQ(take(operation), "200 first");
    clock.advance_ms(1);
    calls.clear();
  }

  base::ManualClock clock;
  op::OpTable table{clock};
  std::deque<std::function<void()>> posted;
  AnswerCache cache{clock, table, [this](std::function<void()> next) { posted.push_back(std::move(next)); }};
  std::vector<std::shared_ptr<Operation>> calls;
  std::shared_ptr<const Route> route;
  std::shared_ptr<exchange::Principal> viewer = std::make_shared<exchange::Principal>();
  std::shared_ptr<exchange::Principal> admin = std::make_shared<exchange::Principal>();
};

TEST_F(AnswerCacheTest, ACopyAnswersWhileItIsFresh) {
  const auto first = ask(request(viewer));
  ASSERT_EQ(calls.size(), 1U);
  calls[0]->respond(answer("one", 1000));
  EXPECT_EQ(take(first), "200 one");
  clock.advance_ms(999);
  EXPECT_EQ(take(ask(request(viewer))), "200 one");
  EXPECT_EQ(take(ask(request(viewer, "", "HEAD"))), "200 one");
  EXPECT_EQ(calls.size(), 1U);
  clock.advance_ms(1);
  EXPECT_EQ(take(ask(request(viewer))), "waits");
  EXPECT_EQ(calls.size(), 2U);
}

TEST_F(AnswerCacheTest, ADifferentQueryOrRoleIsADifferentAnswer) {
  const auto first = ask(request(viewer));
  calls[0]->respond(answer("one", 1000));
  EXPECT_EQ(take(first), "200 one");
  EXPECT_EQ(take(ask(request(viewer, "a=1"))), "waits");
  EXPECT_EQ(take(ask(request(admin))), "waits");
  EXPECT_EQ(take(ask(request(nullptr))), "waits");
  auto fewer = std::make_shared<exchange::Principal>(*viewer);
  fewer->scopes = {"a"};
  EXPECT_EQ(take(ask(request(fewer))), "waits");
  auto same = std::make_shared<exchange::Principal>(*viewer);
  EXPECT_EQ(take(ask(request(same))), "200 one");
}

TEST_F(AnswerCacheTest, NothingIsJoinedBeforeARouteHasAnsweredFreshly) {
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  EXPECT_EQ(calls.size(), 2U);
  calls[0]->respond(answer("one", 0));
  EXPECT_EQ(take(one), "200 one");
  EXPECT_EQ(take(two), "waits");
  EXPECT_TRUE(cache.copies().empty());
}

TEST_F(AnswerCacheTest, OneCallAnswersAllThatWait) {
  opt_in();
  std::vector<std::shared_ptr<Operation>> waiting;
  for (int i = 0; i < 200; ++i) waiting.push_back(ask(request(viewer)));
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(cache.flights(), 1U);
  calls[0]->respond(answer("shared", 1000));
  run_posted();
  for (const auto& operation : waiting) EXPECT_EQ(take(operation), "200 shared");
  EXPECT_EQ(cache.flights(), 0U);
  EXPECT_EQ(take(ask(request(viewer))), "200 shared");
  EXPECT_EQ(calls.size(), 1U);
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(AnswerCacheTest, AnErrorThatIsFreshIsSharedButNotKept) {
  opt_in();
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  calls[0]->respond(answer("bad", 1000, 400));
  run_posted();
  EXPECT_EQ(take(one), "400 bad");
  EXPECT_EQ(take(two), "400 bad");
  EXPECT_EQ(take(ask(request(viewer))), "waits");
}

TEST_F(AnswerCacheTest, AnAnswerThatIsNotFreshGoesToItsOwnClientOnly) {
  opt_in();
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  const auto three = ask(request(viewer));
  calls[0]->respond(answer("for one", 0));
  run_posted();
  EXPECT_EQ(take(one), "200 for one");
  ASSERT_EQ(calls.size(), 3U);
  EXPECT_EQ(calls[1], two);
  EXPECT_EQ(calls[2], three);
  calls[2]->respond(answer("for three", 0));
  EXPECT_EQ(take(three), "200 for three");
  EXPECT_EQ(take(two), "waits");
}

TEST_F(AnswerCacheTest, AnAnswerThatSetsACookieIsNeverShared) {
  for (const int status : {200, 502}) {
    opt_in();
    const auto one = ask(request(viewer));
    const auto two = ask(request(viewer));
    exchange::Response response = answer("secret", 1000, status);
    response.headers.push_back({"set-cookie", "a=b"});
    calls[0]->respond(std::move(response));
    run_posted();
    EXPECT_EQ(take(one), std::to_string(status) + " secret");
    EXPECT_EQ(take(two), "waits");
    EXPECT_TRUE(cache.copies().empty());
    calls.clear();
  }
}

TEST_F(AnswerCacheTest, AServerErrorAndADeadlineReachAllThatWait) {
  opt_in();
  auto one = ask(request(viewer));
  auto two = ask(request(viewer));
  calls[0]->respond(answer("broken", 0, 502));
  run_posted();
  EXPECT_EQ(take(one), "502 broken");
  EXPECT_EQ(take(two), "502 broken");

  one = ask(request(viewer));
  clock.advance_ms(900);
  two = ask(request(viewer));
  clock.advance_ms(100);
  table.end_overdue();
  run_posted();
  EXPECT_EQ(take(one), "DEADLINE");
  EXPECT_EQ(take(two), "DEADLINE");
  EXPECT_EQ(table.size(), 0U);
}

TEST_F(AnswerCacheTest, TheCallGoesOnWhenItsFirstClientLeaves) {
  opt_in();
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  one->finish(End::kClientGone);
  run_posted();
  EXPECT_FALSE(calls[0]->ended());
  calls[0]->respond(answer("for two", 10));
  run_posted();
  EXPECT_EQ(take(two), "200 for two");
}

TEST_F(AnswerCacheTest, TheCallEndsWhenNobodyWaitsAnyMore) {
  opt_in();
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  one->finish(End::kClientGone);
  two->finish(End::kClientGone);
  ASSERT_TRUE(calls[0]->ended());
  EXPECT_EQ(*calls[0]->end_reason(), End::kClientGone);
  EXPECT_EQ(cache.flights(), 0U);
  const auto three = ask(request(viewer));
  EXPECT_EQ(calls.size(), 2U);
  run_posted();
  EXPECT_EQ(take(three), "waits");
}

TEST_F(AnswerCacheTest, S13_ARevokedFirstSessionDoesNotTakeTheOthersAlong) {
  opt_in();
  viewer->session = 7;
  const auto other = std::make_shared<exchange::Principal>(*viewer);
  other->session = 8;
  const auto one = ask(request(viewer));
  const auto two = ask(request(other));
  ASSERT_EQ(calls.size(), 1U);
  table.end_if([](const Operation& operation) { return operation.request().principal->session == 7; }, End::kRevoked);
  run_posted();
  EXPECT_EQ(take(one), "REVOKED");
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[1]->request().principal->session, 8U);
  calls[1]->respond(answer("for two", 10));
  run_posted();
  EXPECT_EQ(take(two), "200 for two");
}

TEST_F(AnswerCacheTest, AStreamIsNotSharedAndEachClientGetsItsOwn) {
  opt_in();
  const auto one = ask(request(viewer));
  const auto two = ask(request(viewer));
  calls[0]->begin(answer("", 1000));
  run_posted();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[1], two);
  EXPECT_EQ(one->phase(), Phase::kStreaming);
  EXPECT_EQ(two->phase(), Phase::kWaiting);
}

TEST_F(AnswerCacheTest, ACallThatStreamsGoesOnForTheClientWhoseRequestItIs) {
  opt_in();
  const auto one = ask(request(viewer));
  calls[0]->begin(answer("", 0));
  calls[0]->write(op::DataKind::kBytes, "early");
  run_posted();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(one->take_output()->bytes, "early");
  EXPECT_FALSE(one->has_output());
  calls[0]->write(op::DataKind::kBytes, "late");
  calls[0]->end();
  EXPECT_EQ(one->phase(), Phase::kStreaming);
  EXPECT_EQ(one->take_output()->bytes, "late");
  EXPECT_EQ(one->phase(), Phase::kEnding);
  EXPECT_FALSE(one->has_output());
  one->finish(End::kDone);
  EXPECT_EQ(calls[0]->end_reason(), End::kDone);
}

TEST_F(AnswerCacheTest, AStreamedCallAndItsClientEndTogether) {
  opt_in();
  const auto one = ask(request(viewer));
  calls[0]->begin(answer("", 0));
  run_posted();
  one->finish(End::kClientGone);
  EXPECT_EQ(calls[0]->end_reason(), End::kClientGone);
  opt_in();
  const auto two = ask(request(viewer));
  calls[0]->begin(answer("", 0));
  run_posted();
  calls[0]->finish(End::kOverrun);
  EXPECT_EQ(two->end_reason(), End::kOverrun);
}

TEST_F(AnswerCacheTest, CreditOfAStreamedCallIsItsClients) {
  opt_in();
  const auto one = ask(request(viewer));
  calls[0]->begin(answer("", 0));
  run_posted();
  const std::string window(op::limits::kStreamWindowBytes, 'x');
  EXPECT_FALSE(calls[0]->write(op::DataKind::kBytes, window));
  EXPECT_EQ(calls[0]->write(op::DataKind::kBytes, "y"), base::Error::kAgain);
  EXPECT_EQ(one->take_output()->bytes.size(), window.size());
  one->sent(window.size());
  EXPECT_FALSE(calls[0]->write(op::DataKind::kBytes, "y"));
}

TEST_F(AnswerCacheTest, AnAnswerWithinTheHandlerIsSharedAsWell) {
  opt_in();
  Route quick = *route;
  quick.handler = [](const std::shared_ptr<Operation>& operation) { operation->respond(answer("now", 5)); };
  route = std::make_shared<const Route>(quick);
  auto one = ask(request(viewer));
  EXPECT_EQ(take(one), "200 now");
  clock.advance_ms(5);
  one = ask(request(viewer));
  const auto two = ask(request(viewer));
  run_posted();
  EXPECT_EQ(take(one), "200 now");
  EXPECT_EQ(take(two), "200 now");
}

TEST_F(AnswerCacheTest, RoutesThatMayChangeThingsNeverTakePart) {
  const Route good = *route;
  std::vector<Route> others(4, good);
  others[0].safe = false;
  others[1].method = "POST";
  others[2].kind = RouteKind::kWebSocket;
  others[3].body = BodyKind::kFields;
  for (const Route& other : others) {
    route = std::make_shared<const Route>(other);
    calls.clear();
    const auto one = ask(request(viewer));
    calls[0]->respond(answer("x", 1000));
    EXPECT_EQ(take(one), "200 x");
    EXPECT_EQ(take(ask(request(viewer))), "waits");
    EXPECT_EQ(calls.size(), 2U);
  }
  EXPECT_TRUE(cache.copies().empty());
}

TEST_F(AnswerCacheTest, CopiesAreBoundedInNumberAndBytesAndTheOldestGoes) {
  const auto store = [&](const std::string& query, std::size_t size) {
    const auto asked = request(viewer, query);
    exchange::Response response = answer(std::string(size, 'x'), 10'000);
    cache.offer(route, *asked, response);
  };
  store("first", 10);
  for (std::size_t i = 0; i + 1 < limits::kAnswersCachedMax; ++i) store("q" + std::to_string(i), 10);
  EXPECT_EQ(cache.copies().size(), limits::kAnswersCachedMax);
  EXPECT_TRUE(cache.find(*route, *request(viewer, "first")));  // used: now q0 is the oldest
  store("one more", 10);
  EXPECT_EQ(cache.copies().size(), limits::kAnswersCachedMax);
  EXPECT_TRUE(cache.find(*route, *request(viewer, "first")));
  EXPECT_FALSE(cache.find(*route, *request(viewer, "q0")));

  for (int i = 0; i < 100; ++i) store("big" + std::to_string(i), limits::kAnswerCachedBytesMax);
  EXPECT_LE(cache.copies().bytes(), limits::kAnswersCachedTotalBytesMax);
  EXPECT_TRUE(cache.find(*route, *request(viewer, "big99")));
  store("too big", limits::kAnswerCachedBytesMax + 1);
  EXPECT_FALSE(cache.find(*route, *request(viewer, "too big")));
  EXPECT_TRUE(cache.find(*route, *request(viewer, "big99")));

  cache.forget_owner("other");
  EXPECT_FALSE(cache.copies().empty());
  cache.forget_owner("kvm");
  EXPECT_TRUE(cache.copies().empty());
  EXPECT_EQ(cache.copies().bytes(), 0U);
}

TEST_F(AnswerCacheTest, AHugeFreshnessIsCut) {
  const auto asked = request(viewer);
  exchange::Response response = answer("x", INT64_MAX);
  cache.offer(route, *asked, response);
  EXPECT_TRUE(cache.find(*route, *asked));
  clock.advance_ms(limits::kAnswerFreshMsMax);
  EXPECT_FALSE(cache.find(*route, *asked));
}

TEST(AnswerCache, EndsItsCallsWhenItIsDestroyed) {
  base::ManualClock clock;
  op::OpTable table(clock);
  std::vector<std::shared_ptr<Operation>> calls;
  Route made;
  made.method = "GET";
  made.safe = true;
  made.handler = [&calls](const std::shared_ptr<Operation>& operation) { calls.push_back(operation); };
  const auto route = std::make_shared<const Route>(made);
  const auto asked = std::make_shared<exchange::Request>();
  asked->method = "GET";
  const auto operation = std::make_shared<Operation>(asked, route->style, 0);
  table.open(operation);
  {
    AnswerCache cache(clock, table, [](const std::function<void()>&) {});
    exchange::Response response = answer("x", 1);
    cache.offer(route, *asked, response);
    clock.advance_ms(1);
    cache.call(route, operation);
    ASSERT_EQ(calls.size(), 1U);
  }
  EXPECT_TRUE(calls[0]->ended());
  operation->finish(End::kClientGone);  // its waiter finds no cache any more
  EXPECT_EQ(table.size(), 0U);
}

}  // namespace
}  // namespace backplane::http
