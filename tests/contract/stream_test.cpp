// backplane.http/1: streams, WebSockets, bodies and credit in both directions.
#include "contract/probe_test.hpp"
#include "link/limits.hpp"
#include "op/limits.hpp"

namespace backplane::contract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kWindow = std::to_string(op::limits::kStreamWindowBytes);

class Stream : public ProbeTest {};
INSTANTIATE_TEST_SUITE_P(Links, Stream, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Stream, PiecesArriveInOrderBetweenHeadAndEnd) {
  const auto exchange = host->ask({.path = "/do", .query = "save:a,begin:206,write:3,write:0,write:5,end"});
  EXPECT_EQ(exchange->status(), 206);
  ASSERT_EQ(exchange->received.size(), 2u);  // an empty piece is nothing
  EXPECT_EQ(exchange->received[0].bytes.size(), 3u);
  EXPECT_EQ(exchange->received[1].bytes.size(), 5u);
  EXPECT_THAT(journal_until("on_end a DONE"), Contains("write OK").Times(3));
}

TEST_P(Stream, CallsInTheWrongOrderAreInvalid) {
  EXPECT_THAT(journal_of("write:1,end,begin,begin,respond:200,fail:500,kind:1,kind:2,kind:9,end,write:1,end"),
              testing::IsSupersetOf({"write INVALID", "end INVALID", "begin OK", "begin INVALID", "respond INVALID",
                                     "fail INVALID", "kind INVALID", "end OK"}));
}

TEST_P(Stream, WriteTakesAllOrNothingAndTellsWhenThereIsRoom) {
  const auto exchange = host->send({.path = "/do", .query = "save:a,begin"});
  ASSERT_TRUE(host->wait([&] { return exchange->head.has_value(); }));
  exchange->reading = false;
  EXPECT_THAT(journal_of("use:a,write:" + std::to_string(op::limits::kStreamWindowBytes + 1) + ",write:" + kWindow +
                         ",write:1,own"),
              testing::IsSupersetOf({"write LIMIT", "write OK", "write AGAIN"}));
  EXPECT_THAT(journal(), testing::Not(Contains("on_writable a")));
  exchange->reading = true;
  exchange->look();
  journal_until("on_writable a");
  EXPECT_THAT(journal_of("use:a,write:1,end,own"), Contains("write OK"));
  ASSERT_TRUE(host->wait([&] { return exchange->finished; }));
  EXPECT_EQ(exchange->body().size(), op::limits::kStreamWindowBytes + 1);
}

TEST_P(Stream, ManySmallPiecesAreBoundedToo) {
  const auto exchange = host->send({.path = "/do", .query = "save:a,begin"});
  ASSERT_TRUE(host->wait([&] { return exchange->head.has_value(); }));
  exchange->reading = false;
  EXPECT_THAT(journal_of("use:a,fill:1,own"),
              Contains("fill " + std::to_string(op::limits::kStreamPiecesMax) + " AGAIN"));
}

TEST_P(Stream, CreditReturnsWithoutEndAndWithoutLoss) {
  const auto exchange = host->send({.path = "/do", .query = "save:a,begin"});
  std::size_t written = 0;
  for (int round = 0; round < 20; ++round) {
    const auto lines = journal_of("use:a,fill:70000,own");
    for (const std::string& line : lines) {
      if (line.starts_with("fill ")) written += 70000 * static_cast<std::size_t>(std::stoi(line.substr(5)));
    }
    ASSERT_TRUE(host->wait([&] { return exchange->body().size() == written; }));
  }
  EXPECT_GT(written, 10 * op::limits::kStreamWindowBytes);
}

TEST_P(Stream, OverTheLimitOfStreamsTheClientHears503) {
  std::vector<std::shared_ptr<Exchange>> open;
  for (std::size_t i = 0; i < link::limits::kStreamsPerPluginMax; ++i) {
    open.push_back(host->send({.path = "/do", .query = "begin"}));
    ASSERT_TRUE(host->wait([&] { return open.back()->head.has_value(); }));
  }
  journal();
  const auto refused = host->ask({.path = "/do", .query = "begin,respond:200"});
  EXPECT_EQ(refused->status(), 503);
  EXPECT_THAT(journal(), ElementsAre("begin LIMIT", "respond INVALID"));
  EXPECT_EQ(host->send({.path = "/socket"})->status(), 503);
  open[0]->operation->finish(op::End::kClientGone);
  EXPECT_EQ(host->ask({.path = "/do", .query = "begin:200,end"})->status(), 200);
}

TEST_P(Stream, ReceivedBytesCountUntilTheyAreConsumed) {
  const auto exchange = host->send({.method = "POST", .path = "/upload", .query = "save:a"});
  exchange->operation->deliver(op::DataKind::kBytes, std::string(1000, 'u'), true);
  journal_until("on_data a 0 1000 last");
  EXPECT_EQ(exchange->operation->receive_credit(), op::limits::kStreamWindowBytes - 1000);
  EXPECT_THAT(journal_of("use:a,consume:1001,consume:400,consume:600,consume:1,own"),
              ElementsAre("consume INVALID", "consume OK", "consume OK", "consume INVALID"));
  EXPECT_TRUE(host->wait([&] { return exchange->operation->receive_credit() == op::limits::kStreamWindowBytes; }));
}

TEST_P(Stream, AnUploadLargerThanTheWindowFlowsWhileItIsConsumed) {
  const auto exchange = host->send({.method = "POST", .path = "/upload", .query = "save:a,consume_at_once"});
  std::size_t left = 5 * op::limits::kStreamWindowBytes;
  while (left > 0) {
    ASSERT_TRUE(host->wait([&] { return exchange->operation->receive_credit() > 0; }));
    const std::size_t now = std::min(left, exchange->operation->receive_credit());
    exchange->operation->deliver(op::DataKind::kBytes, std::string(now, 'u'), now == left);
    left -= now;
  }
  run("use:a,respond:200");
  ASSERT_TRUE(host->wait([&] { return exchange->finished; }));
  EXPECT_EQ(exchange->status(), 200);
}

TEST_P(Stream, PartsComeWithTheirNamesBeforeTheirBytes) {
  const auto exchange = host->send({.method = "POST", .path = "/parts", .query = "save:a"});
  exchange->operation->deliver_part({"image", "a.iso", "application/octet-stream"});
  exchange->operation->deliver(op::DataKind::kBytes, "123", false);
  exchange->operation->deliver_part({"note", std::nullopt, ""});
  exchange->operation->deliver(op::DataKind::kBytes, "", true);
  const auto lines = journal_until("on_data a 0 0 last");
  EXPECT_THAT(lines, testing::IsSupersetOf({"on_part a image a.iso", "on_data a 0 3", "on_part a note no file"}));
}

TEST_P(Stream, AWebSocketCarriesWholeMessagesAndCloses) {
  const auto exchange = host->send({.path = "/socket", .query = "save:s,begin,text:hello,write:1,text_broken"});
  ASSERT_TRUE(host->wait([&] { return exchange->received.size() == 1; }));
  EXPECT_EQ(exchange->received[0].kind, op::DataKind::kText);
  EXPECT_EQ(exchange->received[0].bytes, "hello");
  exchange->operation->deliver(op::DataKind::kText, "kind:2,end:1005,end:4001", false);
  ASSERT_TRUE(host->wait([&] { return exchange->finished; }));
  EXPECT_EQ(exchange->received[1].kind, op::DataKind::kBinary);
  EXPECT_EQ(exchange->operation->close_code(), 4001);
  EXPECT_EQ(exchange->operation->close_reason(), "bye");
  EXPECT_THAT(journal_until("on_end s DONE"),
              testing::IsSupersetOf({"write INVALID", "text_broken INVALID", "kind OK", "end INVALID", "end OK"}));
}

// As a client that sends without end, until it is ended. What a socket holds comes on top of the queue's bound.
void flood(Exchange& exchange, const std::function<void(op::Operation&)>& send) {
  constexpr std::size_t kMessagesMax = 100'000;
  for (std::size_t i = 0; i < kMessagesMax && exchange.status() != 503 && !exchange.operation->ended(); ++i) {
    send(*exchange.operation);
  }
}

TEST_P(Stream, AClientThatFloodsAPluginThatDoesNotComeBackIsEndedAndNobodyElse) {
  const auto other = host->send({.path = "/socket", .query = "save:b,begin"});
  const auto exchange = host->send({.path = "/socket", .query = "save:a,begin"});
  ASSERT_TRUE(host->wait([&] { return exchange->head && other->head; }));
  Gate gate(*host);
  run(gate.hold());
  gate.wait_until_held();
  flood(*exchange, [](op::Operation& operation) { operation.deliver(op::DataKind::kBinary, "x", false); });
  EXPECT_EQ(exchange->operation->end_reason(), op::End::kOverrun);
  EXPECT_FALSE(other->operation->ended());
  gate.open();
  journal_until("on_end a OVERRUN");
}

TEST_P(Stream, AnUploadThatOverrunsBeforeTheAnswerHears503) {
  const auto exchange = host->send({.method = "POST", .path = "/parts", .query = "save:a"});
  Gate gate(*host);
  run(gate.hold());
  gate.wait_until_held();
  flood(*exchange, [](op::Operation& operation) { operation.deliver_part({"p", "f", ""}); });
  EXPECT_EQ(exchange->status(), 503);
  gate.open();
  journal_until("on_end a OVERRUN");
}

TEST_P(Stream, AnAnswerRefusesAWebSocket) {
  EXPECT_EQ(host->ask({.path = "/socket", .query = "fail:409"})->status(), 409);
}

}  // namespace
}  // namespace backplane::contract
