// The daemon's own log, as who subscribes to host/log gets it.
#include "feed/log_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "feed/limits.hpp"

namespace backplane::feed {
namespace {

using base::Level;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;

class Lines final : public Reader {
 public:
  explicit Lines(Feed& feed) { join(feed, From::kKept); }
  std::vector<std::string> take_all() {
    std::vector<std::string> all;
    while (const auto one = take()) all.push_back(one->item->bytes);
    return all;
  }
  bool logs = false;

 private:
  void on_items() override {
    if (logs) base::log(Level::kInfo, "an item was delivered");
  }
};

struct LogFeedTest : testing::Test {
  void TearDown() override { base::set_log_level(Level::kInfo); }
  void run_posted() {
    while (!posted.empty()) {
      const auto job = std::move(posted.front());
      posted.pop_front();
      job();
    }
  }
  std::unique_ptr<LogFeed> make(std::unique_ptr<LogLines> lines) {
    return std::make_unique<LogFeed>(
        feeds, [this](std::function<void()> job) { posted.push_back(std::move(job)); }, std::move(lines));
  }
  std::deque<std::function<void()>> posted;
  Feeds feeds;
};

TEST_F(LogFeedTest, EveryLineIsAnObjectWithItsTimePriorityAndText) {
  const auto feed = make(std::make_unique<LogLines>());
  base::set_log_level(Level::kDebug);
  base::log(Level::kDebug, "a \"debug\" line");
  base::log(Level::kInfo, "i");
  base::log(Level::kWarning, "w");
  base::log(Level::kError, "e");
  base::log(Level::kCritical, "c");
  run_posted();
  const auto kept = Lines(feeds.at("host/log")).take_all();
  ASSERT_THAT(kept, SizeIs(5));
  EXPECT_THAT(kept[0], MatchesRegex(R"(\{"time_us":1?[0-9]{15,16},"priority":7,"text":"a \\"debug\\" line"\})"));
  EXPECT_THAT(kept[1], HasSubstr("\"priority\":6"));
  EXPECT_THAT(kept[2], HasSubstr("\"priority\":4"));
  EXPECT_THAT(kept[3], HasSubstr("\"priority\":3"));
  EXPECT_THAT(kept[4], HasSubstr("\"priority\":2"));
}

TEST_F(LogFeedTest, LinesFromBeforeTheFeedAreInIt) {
  auto lines = std::make_unique<LogLines>();
  base::log(Level::kInfo, "early");
  const auto feed = make(std::move(lines));
  run_posted();
  EXPECT_THAT(Lines(feeds.at("host/log")).take_all(), ElementsAre(HasSubstr("early")));
}

TEST_F(LogFeedTest, LinesThatTheLogLeavesOutAreNotInIt) {
  const auto feed = make(std::make_unique<LogLines>());
  base::log(Level::kDebug, "nobody wants this");
  EXPECT_TRUE(posted.empty());
}

TEST_F(LogFeedTest, AnyThreadMayLogAndTheIoThreadIsWokenOnceForManyLines) {
  const auto feed = make(std::make_unique<LogLines>());
  std::thread([] { base::log(Level::kInfo, "from elsewhere"); }).join();
  base::log(Level::kInfo, "and here");
  EXPECT_THAT(posted, SizeIs(1));
  run_posted();
  EXPECT_THAT(Lines(feeds.at("host/log")).take_all(), ElementsAre(HasSubstr("from elsewhere"), HasSubstr("and here")));
  base::log(Level::kInfo, "later");
  EXPECT_THAT(posted, SizeIs(1));
}

TEST_F(LogFeedTest, TheNewestAreKept) {
  const auto feed = make(std::make_unique<LogLines>());
  for (std::size_t i = 0; i <= limits::kLogFeedLines; ++i) {
    base::log(Level::kInfo, "line {}", i);
    run_posted();
  }
  const auto kept = Lines(feeds.at("host/log")).take_all();
  ASSERT_THAT(kept, SizeIs(limits::kLogFeedLines));
  EXPECT_THAT(kept.front(), HasSubstr("\"line 1\""));
}

TEST_F(LogFeedTest, WhatTheQueueCouldNotHoldIsCounted) {
  const auto feed = make(std::make_unique<LogLines>());
  for (std::size_t i = 0; i < limits::kLogFeedLines + 3; ++i) base::log(Level::kInfo, "line {}", i);
  run_posted();
  const auto kept = Lines(feeds.at("host/log")).take_all();
  EXPECT_THAT(kept.back(), HasSubstr("\"priority\":4,\"text\":\"3 lines of the log are missing here"));
  EXPECT_THAT(kept.at(kept.size() - 2), HasSubstr("\"line 499\""));
}

TEST_F(LogFeedTest, ALineThatDeliveringWritesIsLeftOut) {
  const auto feed = make(std::make_unique<LogLines>());
  Lines reader(feeds.at("host/log"));
  reader.logs = true;
  base::log(Level::kInfo, "one");
  run_posted();
  EXPECT_THAT(reader.take_all(), ElementsAre(HasSubstr("one")));
  EXPECT_TRUE(posted.empty());
  base::log(Level::kInfo, "two");
  run_posted();
  EXPECT_THAT(reader.take_all(), ElementsAre(HasSubstr("two")));
}

TEST_F(LogFeedTest, ItIsAlwaysUtf8AndNoLineIsLong) {
  const auto feed = make(std::make_unique<LogLines>());
  base::log(Level::kInfo, "{}", "broken \xff\xfe here");
  base::log(Level::kInfo, "{}", std::string(2 * limits::kLogFeedTextBytesMax, 'x'));
  run_posted();
  const auto kept = Lines(feeds.at("host/log")).take_all();
  EXPECT_THAT(kept[0], HasSubstr("broken \\\\xff\\\\xfe here"));
  EXPECT_TRUE(base::valid_utf8(kept[0]));
  EXPECT_LT(kept[1].size(), limits::kLogFeedTextBytesMax + 100);
}

TEST_F(LogFeedTest, ControlCharactersComeAsTheLogShowsThem) {
  const auto feed = make(std::make_unique<LogLines>());
  base::log(Level::kInfo, "{}", "two\nlines");
  run_posted();
  EXPECT_THAT(Lines(feeds.at("host/log")).take_all(), ElementsAre(HasSubstr(R"("two\\x0alines")")));
}

TEST_F(LogFeedTest, AJobThatRunsAfterItsEndDoesNothing) {
  auto feed = make(std::make_unique<LogLines>());
  base::log(Level::kInfo, "one");
  feed.reset();
  base::log(Level::kInfo, "two");
  EXPECT_THAT(posted, SizeIs(1));
  run_posted();
  EXPECT_THAT(Lines(feeds.at("host/log")).take_all(), testing::IsEmpty());
}

TEST_F(LogFeedTest, WithoutLinesItIsEmpty) {
  const auto feed = make(nullptr);
  base::log(Level::kInfo, "one");
  EXPECT_TRUE(posted.empty());
}

TEST(LogObserver, IsNotToldOfLinesOfItsOwn) {
  int told = 0;
  base::observe_log([&told](Level, std::string_view) {
    ++told;
    base::log(Level::kInfo, "from within");
  });
  base::log(Level::kInfo, "one");
  base::log(Level::kInfo, "two");
  base::observe_log(nullptr);
  base::log(Level::kInfo, "three");
  EXPECT_EQ(told, 2);
}

}  // namespace
}  // namespace backplane::feed
