// A log whose reader stops: who logs goes on, and what was dropped is told.
#include "base/log_queue.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "base/limits.hpp"

namespace backplane::base {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{30'000};  // a guard against hanging

// Where the lines go: takes them while it is open.
class Reader {
 public:
  void write(const LogQueue::Line& line) {
    std::unique_lock lock(mutex_);
    at_line_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    texts_.push_back(line.text);
  }
  void open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }
  void wait_for_line() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return at_line_; });
  }
  std::vector<std::string> texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool at_line_ = false;
  std::vector<std::string> texts_;
};

struct LogQueueTest : testing::Test {
  void add(std::string text) { queue->add({std::chrono::system_clock::now(), Level::kInfo, std::move(text)}); }
  // The thread is at the first line, and the queue is empty behind it.
  void stop_the_reader() {
    add("first");
    reader->wait_for_line();
  }
  // The thread outlives the queue if its reader has stopped, and so must the reader.
  const std::shared_ptr<Reader> reader = std::make_shared<Reader>();
  std::unique_ptr<LogQueue> queue =
      std::make_unique<LogQueue>([reader = reader](const LogQueue::Line& line) { reader->write(line); });
};

TEST_F(LogQueueTest, LinesAreWrittenInTheirOrderAndAFlushWaitsForThem) {
  reader->open(true);
  for (int i = 0; i < 100; ++i) add(std::to_string(i));
  ASSERT_TRUE(queue->flush(kLong));
  const auto texts = reader->texts();
  ASSERT_EQ(texts.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(texts[static_cast<std::size_t>(i)], std::to_string(i));
}

TEST_F(LogQueueTest, LinesOverTheBoundAreDroppedAndToldInALineOfTheirOwn) {
  stop_the_reader();
  for (std::size_t i = 0; i < limits::kLogQueueLinesMax + 1233; ++i) add("x");
  reader->open(true);
  ASSERT_TRUE(queue->flush(kLong));
  const auto texts = reader->texts();
  ASSERT_EQ(texts.size(), 1 + limits::kLogQueueLinesMax + 1);
  EXPECT_TRUE(texts.back().starts_with("1,233 lines of the log were dropped: ")) << texts.back();
  add("after");
  ASSERT_TRUE(queue->flush(kLong));
  EXPECT_EQ(reader->texts().back(), "after");
}

TEST_F(LogQueueTest, BytesAreBoundedToo) {
  stop_the_reader();
  const std::string text(limits::kLogQueueBytesMax / 4, 'x');
  for (int i = 0; i < 6; ++i) add(text);
  reader->open(true);
  ASSERT_TRUE(queue->flush(kLong));
  const auto texts = reader->texts();
  ASSERT_EQ(texts.size(), 1U + 4U + 1U);
  EXPECT_TRUE(texts.back().starts_with("2 lines of the log were dropped: ")) << texts.back();
}

TEST_F(LogQueueTest, AReaderThatHasStoppedKeepsNeitherAFlushNorTheEndWaiting) {
  stop_the_reader();
  add("second");
  EXPECT_FALSE(queue->flush(milliseconds(1)));
  queue = nullptr;
  reader->open(true);
}

TEST(LogThreadDeathTest, WhatWasSaidBeforeAFailedCheckIsWritten) {
  EXPECT_DEATH(
      {
        const LogThread thread;
        for (int i = 0; i < 1'000; ++i) log(Level::kInfo, "line {}", i);
        check_failed("one == two", "somewhere.cpp", 7);
      },
      "line 999\n.*somewhere.cpp:7: check failed: one == two");
}

TEST(LogText, NumbersHaveCommas) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1'233), "1,233");
  EXPECT_EQ(with_commas(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace backplane::base
