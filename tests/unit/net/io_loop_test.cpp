#include "net/loop/io_loop.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace backplane::net {
namespace {

TEST(IoLoop, EndsATurnOnceAllThatWasReadyHasRun) {
  IoLoop loop;
  std::string order;
  loop.post([&] {
    loop.turn().at_end([&] {
      order += "end";
      loop.stop();
    });
    loop.turn().at_end([&] { order += ", second end"; });
  });
  loop.post([&] { order += "second, "; });
  loop.post([&] {
    order += "third, ";
    loop.post([&] { order += "fourth, "; });
  });
  loop.run();
  EXPECT_EQ(order, "second, third, fourth, end, second end");
}

TEST(IoLoop, EndsATurnAlthoughTheThreadStaysBusy) {
  IoLoop loop;
  bool ended = false;
  int others = 0;
  const std::function<void()> busy = [&] {
    ++others;
    if (ended || others == 100'000) return loop.stop();
    loop.post(busy);
  };
  loop.post([&] { loop.turn().at_end([&] { ended = true; }); });
  loop.post(busy);
  loop.run();
  EXPECT_TRUE(ended);
  EXPECT_LT(others, 1000);
}

TEST(IoLoop, EndsATurnThatWasStartedBeforeItRan) {
  IoLoop loop;
  bool ended = false;
  loop.turn().at_end([&] {
    ended = true;
    loop.stop();
  });
  loop.run();
  EXPECT_TRUE(ended);
}

TEST(IoLoop, StartsATurnAfterTheLast) {
  IoLoop loop;
  int ends = 0;
  const std::function<void()> once_more = [&] {
    if (++ends == 3) return loop.stop();
    loop.post([&] { loop.turn().at_end(once_more); });
  };
  loop.post([&] { loop.turn().at_end(once_more); });
  loop.run();
  EXPECT_EQ(ends, 3);
}

}  // namespace
}  // namespace backplane::net
