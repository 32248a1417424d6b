// Hostile plugins that speak past the runner: what is no frame, no plugin's to say, or not true.
#include "hostile_plugins/hostile_test.hpp"
#include "link/limits.hpp"

namespace backplane::contract {
namespace {

class Connection : public HostileTest {};

// Everything that breaks the protocol ends the process, answers what is open, and is said in words.
struct Breach {
  const char* id;
  const char* reason;  // before "; it was killed"
};
void PrintTo(const Breach& breach, std::ostream* out) {
  *out << breach.id;
}
class Breaches : public HostileTest, public testing::WithParamInterface<Breach> {};
INSTANTIATE_TEST_SUITE_P(
    Connection, Breaches,
    testing::Values(
        Breach{"writes-garbage", "it sent a frame of 2021161080 bytes"},
        Breach{"sends-a-huge-frame", "it sent a frame of 4294967295 bytes"},
        Breach{"speaks-as-the-host", "it sent kEnded, which is not its to say"},
        Breach{"counts-without-end", "kMetric has the number 1000000000, and not 1 to 512"},
        Breach{"forges-a-metric", "kMetric has a name that is none, or over 128 bytes"},
        Breach{"shares-nothing", "it sent a frame for shared memory, and no memory with it"},
        Breach{"shares-unsealed", "it sent shared memory that is not sealed, or not as large as it said"},
        Breach{"shares-another-size", "it sent shared memory that is not sealed, or not as large as it said"},
        Breach{"shares-and-shrinks", "it sent shared memory that is not sealed, or not as large as it said"},
        Breach{"sends-many-descriptors", "it sent more descriptors than frames that need one"},
        Breach{"sends-half-a-frame", "it closed its connection within a frame"},
        Breach{"hangs-up", "it closed its connection"}, Breach{"greets-again", "it greeted twice"},
        Breach{"praises-its-sandbox", "it said a second time what its sandbox is"}),
    [](const auto& info) {
      std::string name = info.param.id;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST_P(Breaches, EndTheProcessAndAreNamed) {
  run(GetParam().id);
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because(std::string(GetParam().reason) + "; it was killed");
  host->advance_ms(0);
  EXPECT_TRUE(wait_for(State::kRunning)) << "it comes back, and nothing of the last life stands in its way";
}

TEST_F(Connection, AFileInPlaceOfSharedMemoryIsRefused) {
  run("shares-a-file");
  const auto path = host->data_dir / "plugins" / "shares-a-file" / "memory";
  EXPECT_EQ(ask(path)->status(), 502);
  it_crashed_because("it sent shared memory that is not sealed, or not as large as it said; it was killed");
}

TEST_F(Connection, ACrashWithinAFrameIsNamedAsTheCrash) {
  run("crashes-within-a-frame");
  EXPECT_EQ(ask()->status(), 502);
  it_crashed_because("it was ended by signal 11 (Segmentation fault)");
}

TEST_F(Connection, UnknownCodesAreCountedAndPassedOver) {
  run("sends-unknown-codes");
  EXPECT_EQ(ask()->body(), "fine");
  EXPECT_EQ(host->instance("sends-unknown-codes").unknown_frames(), 8u);
  it_lives();
}

TEST_F(Connection, OperationsOfOthersAreOutOfReach) {
  run("answers-for-others");
  const auto others = host->send({.path = "/good/go"});
  EXPECT_EQ(ask()->body(), "mine");
  EXPECT_TRUE(host->wait([&] { return others->finished; }));
  EXPECT_EQ(others->body(), "good");
  it_lives();
}

TEST_F(Connection, TheFirstAnswerCounts) {
  run("answers-again");
  const auto exchange = ask();
  EXPECT_EQ(exchange->body(), "first");
  EXPECT_EQ(exchange->status(), 200);
  it_lives();
  EXPECT_EQ(bad().streams(), 0u);
}

TEST_F(Connection, AWriteBeforeItsBeginEndsTheOperation) {
  run("writes-before-it-begins");
  EXPECT_EQ(ask()->status(), 503);
  EXPECT_EQ(bad().counts().overruns, 1u);
  it_lives();
}

TEST_F(Connection, AWriteOverTheWindowEndsTheOperation) {
  run("writes-over-its-window");
  const auto exchange = send();
  exchange->reading = false;
  ASSERT_TRUE(wait([&] { return exchange->operation->ended(); }));
  EXPECT_EQ(exchange->operation->end_reason(), op::End::kOverrun);
  EXPECT_EQ(bad().counts().overruns, 1u);
  it_lives();
}

TEST_F(Connection, AnEmptyMessageInABodyEndsTheOperationAndNotTheBody) {
  run("ends-a-body-early");
  const auto exchange = send();
  ASSERT_TRUE(wait([&] { return exchange->operation->ended(); }));
  EXPECT_EQ(exchange->operation->end_reason(), op::End::kOverrun);
  EXPECT_TRUE(exchange->received.empty()) << "an empty piece, and what a client would take for another answer";
  it_lives();
}

TEST_F(Connection, CreditThatNobodyGaveIsPassedOver) {
  run("gives-back-too-much");
  EXPECT_EQ(ask()->body(), "fine");
  it_lives();
}

TEST_F(Connection, StartsAndConfigurationsThatNobodyAskedForArePassedOver) {
  run("starts-again");
  EXPECT_EQ(ask()->body(), "fine");
  it_lives();
}

TEST_F(Connection, APongCountsForThePingThatWasSent) {
  run("pongs-early");
  EXPECT_EQ(ask()->body(), "fine");
  for (int beat = 0; beat < 15; ++beat) {
    let_pass(link::limits::kHeartbeatMs);
    EXPECT_EQ(ask()->body(), "fine") << beat;
  }
  it_lives();
}

TEST_F(Connection, OneThatSaysItStoppedAndLivesIsKilled) {
  run("says-it-stopped");
  const auto waiting = send();
  ASSERT_TRUE(wait_until_it_begins());
  let_pass(2 * link::limits::kPluginStopMs);
  it_crashed_because("it said that it had stopped, and did not end within 5 s; it was killed");
  EXPECT_EQ(waiting->status(), 502);
}

TEST_F(Connection, OneThatStopsByItselfAnswersWhatWasOpenAndIsStartedAgain) {
  run("leaves-in-order");
  const auto waiting = send();
  ASSERT_TRUE(wait([&] { return waiting->finished || waiting->operation->ended(); }));
  EXPECT_EQ(waiting->status(), 502);
  it_crashed_because("it stopped by itself");
}

class Page : public HostileTest, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Connection, Page,
                         testing::Values("0", "1", "8000000000000000", "7fffffffffffffff", "ffffffffffffffff",
                                         "000000000000ffff"));

// What stands there decides nothing but the words.
TEST_P(Page, LiesInItAreBelievedByNobodyForLong) {
  run("lies-in-the-page");
  const auto waiting = send(GetParam());
  ASSERT_TRUE(wait([this] { return bad().reason() == "here" || bad().state() == State::kBlocked; }));
  let_pass(link::limits::kHeartbeatMs + link::limits::kProcessStalledMs);
  it_crashed_because(HasSubstr(" s; it was killed"));
  EXPECT_EQ(waiting->status(), 502);
}

}  // namespace
}  // namespace backplane::contract
