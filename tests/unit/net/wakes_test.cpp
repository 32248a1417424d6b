#include "net/loop/wakes.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace backplane::net {
namespace {

constexpr int kMany = 1000;

class Woken final : public Wakes::Waiter {
 public:
  Woken(std::function<void()> resumed, int& alive) : resumed_(std::move(resumed)), alive_(alive) { ++alive_; }
  ~Woken() override { --alive_; }
  void resume() override { resumed_(); }

 private:
  const std::function<void()> resumed_;
  int& alive_;
};

class WakesTest : public ::testing::Test {
 protected:
  void wake(std::function<void()> resumed) { Wakes::of(*io_).add(std::make_unique<Woken>(std::move(resumed), alive_)); }

  int alive_ = 0;
  std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>(1);
};

TEST_F(WakesTest, go_on_in_the_order_in_which_they_were_woken_and_each_once) {
  std::vector<int> resumed;
  for (int i = 0; i < kMany; ++i) wake([&resumed, i] { resumed.push_back(i); });
  EXPECT_TRUE(resumed.empty()) << "not within the call that wakes";
  io_->run();
  ASSERT_EQ(resumed.size(), static_cast<std::size_t>(kMany));
  for (int i = 0; i < kMany; ++i) EXPECT_EQ(resumed[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(alive_, 0);
}

TEST_F(WakesTest, let_others_work_before_all_of_them_have_gone_on) {
  int resumed = 0;
  int resumed_before_the_other = -1;
  for (int i = 0; i < kMany; ++i) wake([&resumed] { ++resumed; });
  boost::asio::post(*io_, [&] { resumed_before_the_other = resumed; });
  io_->run();
  EXPECT_LT(resumed_before_the_other, kMany / 10);
  EXPECT_EQ(resumed, kMany);
}

TEST_F(WakesTest, one_that_wakes_another_does_not_wait_for_it) {
  std::vector<int> order;
  wake([&] {
    wake([&order] { order.push_back(2); });
    order.push_back(1);
  });
  io_->run();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST_F(WakesTest, are_destroyed_with_their_loop) {
  bool resumed = false;
  wake([&resumed] { resumed = true; });
  io_.reset();
  EXPECT_EQ(alive_, 0);
  EXPECT_FALSE(resumed);
}

}  // namespace
}  // namespace backplane::net
