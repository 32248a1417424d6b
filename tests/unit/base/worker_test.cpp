#include "base/worker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

using backplane::base::Worker;

TEST(Worker, RefusesAJobOverItsBoundAndRunsTheAcceptedOnesBeforeItStops) {
  std::promise<void> release;
  std::promise<void> started;
  std::atomic<int> ran = 0;
  Worker worker("test", 2);
  ASSERT_TRUE(worker.post([&] {
    started.set_value();
    release.get_future().wait();
    ++ran;
  }));
  started.get_future().wait();  // the first job runs; now two may wait
  EXPECT_TRUE(worker.post([&] { ++ran; }));
  EXPECT_TRUE(worker.post([&] { ++ran; }));
  EXPECT_FALSE(worker.post([&] { ++ran; }));
  release.set_value();
  worker.stop();
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(worker.post([&] { ++ran; }));
}
