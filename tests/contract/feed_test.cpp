// backplane.feed/1: publish, attach, subscribe, and what each says where it cannot. The probe's feed 1 is "lines", with
// a depth of 4; its feed 0 is "other".
#include "contract/probe_test.hpp"
#include "link/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {
namespace {

using plugin::State;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FeedContract : public ProbeTest {
 protected:
  feed::Feed& lines() { return host->feeds.at("probe/lines"); }
  // A client that reads the feed, behind three bytes of a backlog.
  std::shared_ptr<Exchange> attach(const std::string& name) {
    const std::size_t before = lines().readers();
    auto client = run("save:" + name + ",begin,write:3,attach:1:0");
    EXPECT_TRUE(host->wait([&] { return lines().readers() == before + 1; }));
    return client;
  }
  bool wait_for_body(const Exchange& client, const std::string& body) {
    const bool came = host->wait([&] { return client.body() == body; });
    EXPECT_EQ(client.body(), body);
    return came;
  }
};
INSTANTIATE_TEST_SUITE_P(Links, FeedContract, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(FeedContract, ItemsFollowTheBacklogWithoutGapOrRepeat) {
  const auto first = run("begin,publish:1:early,write:3,attach:1:0,publish:1:one,publish:1:two");
  ASSERT_TRUE(wait_for_body(*first, "ppp<one><two>"));
  const auto second = run("begin,write:2,publish:1:three,attach:1:0,publish:1:four");
  ASSERT_TRUE(wait_for_body(*second, "pp<four>"));
  EXPECT_TRUE(wait_for_body(*first, "ppp<one><two><three><four>"));
}

TEST_P(FeedContract, AFeedsItemsStayOnIt) {
  const auto client = attach("a");
  run("publish:0:elsewhere,publish:1:here,respond:200");
  EXPECT_TRUE(wait_for_body(*client, "ppp<here>"));
}

TEST_P(FeedContract, ReadersCountAgainstNoLimit) {
  std::vector<std::shared_ptr<Exchange>> open;
  for (std::size_t i = 0; i <= link::limits::kStreamsPerPluginMax; ++i) open.push_back(attach("a"));
  EXPECT_EQ(host->instance("probe").streams(), 0u);
  EXPECT_EQ(host->instance("probe").unanswered(), 0u);
  for (std::size_t i = 0; i < link::limits::kStreamsPerPluginMax; ++i) {
    open.push_back(run("begin"));
    ASSERT_TRUE(host->wait([&] { return open.back()->head.has_value(); }));
    EXPECT_EQ(open.back()->status(), 200);
  }
  EXPECT_EQ(host->ask({.path = "/do", .query = "begin,respond:200"})->status(), 503);
  run("publish:1:x,respond:200");
  EXPECT_TRUE(wait_for_body(*open[link::limits::kStreamsPerPluginMax], "ppp<x>"));
  // One that ends gives back no place that it did not have.
  open[0]->operation->finish(op::End::kClientGone);
  EXPECT_EQ(host->ask({.path = "/do", .query = "begin,respond:200"})->status(), 503);
  EXPECT_EQ(host->instance("probe").streams(), link::limits::kStreamsPerPluginMax);
}

TEST_P(FeedContract, AnAttachedOperationTakesNoWriteAndStillItsEnd) {
  const auto client = attach("a");
  EXPECT_THAT(
      journal_of("use:a,write:1,attach:1:0,begin,respond:200,end,end,own"),
      ElementsAre("write INVALID", "attach INVALID", "begin INVALID", "respond INVALID", "end OK", "end INVALID"));
  ASSERT_TRUE(host->wait([&] { return client->finished; }));
  EXPECT_EQ(client->body(), "ppp");
  EXPECT_THAT(journal_until("on_end a DONE"), Contains("on_demand 1 0 ''"));
}

TEST_P(FeedContract, WhatCannotBeAttachedIsInvalidAndStaysAsItWas) {
  const auto client =
      run("save:a,attach:1:0,begin,attach:5:0,attach:1:1,attach:1:2,attach:1:9,attach_null:1,"
          "attach_long:1:0,write:1,end");
  ASSERT_TRUE(host->wait([&] { return client->finished; }));
  EXPECT_EQ(client->body(), "p");
  EXPECT_THAT(journal_until("on_end a DONE"),
              testing::IsSupersetOf({"attach INVALID", "attach_null INVALID", "attach_long LIMIT", "write OK"}));
  EXPECT_THAT(journal_of("use:a,attach:1:0,own"), Contains("attach GONE"));
  EXPECT_EQ(lines().readers(), 0u);
}

TEST_P(FeedContract, OnAWebSocketItemsAreMessagesAndItsClientIsStillHeard) {
  const auto client = host->send({.path = "/socket",
                                  .query = "save:s,begin,text:hello,attach:1:0,attach_broken:1:1,"
                                           "attach:1:1"});
  ASSERT_TRUE(host->wait([&] { return lines().readers() == 1; }));
  EXPECT_THAT(journal(), testing::IsSupersetOf({"attach INVALID", "attach_broken INVALID", "attach OK"}));
  client->operation->deliver(op::DataKind::kText, "publish:1:one,publish_broken:1,publish:1:two", false);
  ASSERT_TRUE(host->wait([&] { return client->received.size() == 4; }));
  EXPECT_EQ(client->body(), "hello<one>1 lost<two>");
  for (const op::Data& message : client->received) EXPECT_EQ(message.kind, op::DataKind::kText);
  client->operation->deliver(op::DataKind::kText, "end:4001", false);
  ASSERT_TRUE(host->wait([&] { return client->finished; }));
  EXPECT_EQ(client->operation->close_code(), 4001);
}

TEST_P(FeedContract, AnItemOfNothingDoesNotEndABody) {
  const auto client = run("begin,attach_bare:1:0,publish:1:,publish:1:x");
  EXPECT_TRUE(wait_for_body(*client, "x"));
}

TEST_P(FeedContract, TheEndComesOnceAndTheDemandGoesWithTheLastReader) {
  const auto client = attach("a");
  const auto other = attach("b");
  client->operation->finish(op::End::kClientGone);
  const auto until_first = journal_until("on_end a CLIENT_GONE");
  EXPECT_THAT(until_first, Contains("on_demand 1 1 ''").Times(1));
  EXPECT_THAT(until_first, Not(Contains("on_demand 1 0 ''")));
  other->operation->finish(op::End::kRevoked);
  const auto until_last = journal_until("on_end b REVOKED");
  EXPECT_THAT(until_last, Not(Contains(HasSubstr("on_end a"))));
  EXPECT_THAT(until_last, Contains("on_demand 1 0 ''"));
}

TEST_P(FeedContract, ASlowReaderLosesTheOldestAloneAndIsTold) {
  const auto slow = attach("a");
  const auto quick = attach("b");
  slow->reading = false;
  for (const char* item : {"1", "2", "3", "4", "5", "6"}) {
    run(std::string("publish:1:") + item + ",respond:200");
    ASSERT_TRUE(host->wait([&] { return quick->body().ends_with(std::string("<") + item + ">"); }));
  }
  EXPECT_EQ(quick->body(), "ppp<1><2><3><4><5><6>");
  slow->reading = true;
  slow->look();
  EXPECT_EQ(slow->body(), "ppp2 lost<3><4><5><6>");
}

TEST_P(FeedContract, WhatIsTooLargeOrNowhereIsNotPublished) {
  EXPECT_THAT(journal_of("publish_bytes:1:131072,publish_bytes:1:131073,publish_id_bytes:1:512,publish_id_bytes:1:513,"
                         "publish:2:x,publish_null:1"),
              ElementsAre("publish_bytes OK", "publish_bytes LIMIT", "publish_id_bytes OK", "publish_id_bytes LIMIT",
                          "publish INVALID", "publish_null INVALID"));
}

TEST_P(FeedContract, WhereTheHostDoesNotComeRoundToThemItemsAreNotTaken) {
  const auto client = attach("a");
  Gate gate(*host);
  const auto filling = run("publish_fill:1:131072,signal:" + gate.signal());
  gate.wait_until_held();
  ASSERT_TRUE(host->wait([&] { return client->body().size() > link::limits::kLinkBytesMax / 2; }));
  journal_until("publish_fill AGAIN");
  EXPECT_THAT(journal_of("publish:1:x"), ElementsAre("publish OK"));
}

TEST_P(FeedContract, TheFeedsAreThoseOfTheManifest) {
  const std::pair<const char*, const char*> rows[] = {
      {"none", "its manifest declares feeds, and it has no backplane.feed/1 table"},
      {"fewer", "its manifest declares feeds that it does not have"},
      {"unknown", "it has the feed 'nobody', which its manifest does not declare"},
      {"twice", "it has the feed 'lines' twice"},
      {"null", "its backplane.feed/1 table has no feeds"},
      {"short", "its backplane.feed/1 table is too short"},
  };
  for (const auto& [feeds, reason] : rows) {
    start(std::string(R"({"feeds":")") + feeds + "\"}");
    EXPECT_EQ(host->instance("probe").state(), State::kRefused) << feeds;
    EXPECT_EQ(host->instance("probe").reason(), reason);
  }
}

TEST_P(FeedContract, ASubscriberGetsItemsWithTheirIdsUntilItLeaves) {
  EXPECT_THAT(journal_of("subscribe:7:probe/other"), ElementsAre("subscribe OK"));
  journal_until("on_demand 0 1 ''");
  run("publish:0:one:id1,publish:0:two,respond:200");
  EXPECT_THAT(journal_until("on_item 7 two '' lost 0"), Contains("on_item 7 one 'id1' lost 0"));
  EXPECT_THAT(journal_of("unsubscribe:7,unsubscribe:7"), ElementsAre("unsubscribe OK", "unsubscribe GONE"));
  EXPECT_THAT(journal_until("on_demand 0 0 ''"), Not(Contains(HasSubstr("on_item"))));
}

TEST_P(FeedContract, ASubscriptionThatCannotBeSaysWhy) {
  EXPECT_THAT(journal_of("subscribe:1:host/secrets,subscribe:1:probe/other,subscribe:1:host/log,unsubscribe:2"),
              ElementsAre("subscribe DENIED", "subscribe OK", "subscribe CONFLICT", "unsubscribe GONE"));
  EXPECT_THAT(journal_of("unsubscribe:1,subscribe_many"),
              testing::AllOf(Contains("subscribe_many OK").Times(link::limits::kSubscriptionsPerPluginMax),
                             Contains("subscribe_many LIMIT").Times(1)));
  EXPECT_TRUE(
      host->wait([&] { return host->feeds.at("probe/other").readers() == link::limits::kSubscriptionsPerPluginMax; }));
}

TEST_P(FeedContract, AFeedMayBeSubscribedToBeforeItIsThere) {
  host = std::make_unique<Host>(GetParam());
  auto second = Host::settings("second", "probe");
  second.mount = "/second";
  host->run({Host::settings("probe", "probe"), second}, CONTRACT_PLUGINS);
  const auto order = [this](auto give) {
    bool done = false;
    give([&done](const std::optional<base::Problem>& problem) { done = !problem; });
    EXPECT_TRUE(host->wait([&done] { return done; }));
  };
  order([this](auto done) { host->supervisor->disable("second", done); });
  EXPECT_THAT(journal_of("subscribe:3:second/lines"), ElementsAre("subscribe OK"));
  order([this](auto done) { host->supervisor->enable("second", done); });
  host->ask({.path = "/second/do", .query = "publish:1:late,respond:200"});
  journal_until("on_item 3 late '' lost 0");
}

TEST_P(FeedContract, ASubscriberOfTheLogFirstGetsTheLinesThatAreKept) {
  feed::Feed& log = host->feeds.remembering("host/log", 2);
  for (const char* line : {"1", "2", "3"}) log.publish({line, "", true});
  EXPECT_THAT(journal_of("subscribe:1:host/log"), ElementsAre("subscribe OK"));
  EXPECT_THAT(journal_until("on_item 1 3 '' lost 0"),
              ElementsAre("start OK", "start_again INVALID", "on_item 1 2 '' lost 0", "on_item 1 3 '' lost 0"));
  log.publish({"4", "", true});
  journal_until("on_item 1 4 '' lost 0");
}

TEST_P(FeedContract, ASlowSubscriberLosesTheOldestAndHearsHowMany) {
  constexpr std::size_t kDepth = 10;
  constexpr std::size_t kLost = 5;
  feed::Feed& log = host->feeds.remembering("host/log", kDepth);
  EXPECT_THAT(journal_of("subscribe:1:host/log"), Contains("subscribe OK"));
  ASSERT_TRUE(host->wait([&] { return log.readers() == 1; }));
  Gate gate(*host);
  run(gate.hold() + ",respond:200");
  gate.wait_until_held();
  const std::size_t count = link::limits::kSubscriptionItemsMax + kDepth + kLost;
  for (std::size_t i = 0; i < count; ++i) log.publish({"i" + std::to_string(i), "", true});
  gate.open();
  const auto events = journal_until("on_item 1 i" + std::to_string(count - 1) + " '' lost 0");
  EXPECT_THAT(events, Contains("on_item 1 i" + std::to_string(link::limits::kSubscriptionItemsMax + kLost) +
                               " '' lost " + std::to_string(kLost)));
  EXPECT_THAT(events, Contains(HasSubstr("on_item")).Times(static_cast<int>(count - kLost)));
}

TEST_P(FeedContract, TheStatusSaysHowManyReadAndWhatTheyHaveLost) {
  const auto slow = attach("a");
  slow->reading = false;
  journal_of("publish:1:1,publish:1:2,publish:1:3,publish:1:4,publish:1:5");
  slow->reading = true;
  slow->look();
  EXPECT_THAT(plugin::plugins_json(*host->supervisor),
              HasSubstr(R"("feeds":[{"name":"probe/lines","readers":1,"items_lost":1},)"
                        R"({"name":"probe/other","readers":0,"items_lost":0}])"));
  const std::string metrics = plugin::metrics_text(*host->supervisor, {});
  EXPECT_THAT(metrics, HasSubstr("backplane_feed_readers{feed=\"probe/lines\"} 1\n"
                                 "backplane_feed_readers{feed=\"probe/other\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("backplane_feed_items_lost_total{feed=\"probe/lines\"} 1\n"));
}

TEST_P(FeedContract, AReaderThatIsOnItsWayKeepsThePluginPublishing) {
  const auto first = attach("a");
  Gate gate(*host);
  const auto second = run("save:b,begin," + gate.hold() + ",attach:1:0");
  gate.wait_until_held();
  first->operation->finish(op::End::kClientGone);  // says that nobody reads, before the attach is seen
  gate.open();
  ASSERT_TRUE(host->wait([&] { return lines().readers() == 1; }));
  run("publish:1:x,respond:200");
  ASSERT_TRUE(wait_for_body(*second, "<x>"));
  const auto events = journal_until("publish OK");
  EXPECT_THAT(events, Contains("on_demand 1 1 ''").Times(1));
  EXPECT_THAT(events, Not(Contains("on_demand 1 0 ''")));
}

TEST_P(FeedContract, AReaderThatHasGoneBeforeItCameIsToldAsNoDemand) {
  Gate gate(*host);
  const auto client = run("save:a,begin," + gate.hold() + ",attach:1:0");
  gate.wait_until_held();
  client->operation->finish(op::End::kClientGone);
  gate.open();
  EXPECT_THAT(journal_until("on_demand 1 0 ''"), Contains("attach OK"));
  EXPECT_EQ(lines().readers(), 0u);
}

}  // namespace
}  // namespace backplane::contract
