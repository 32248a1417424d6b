#include "store/store_thread.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

#include "store/limits.hpp"
#include "support/temporary_directory.hpp"
#include "support/test_loop.hpp"

namespace backplane::store {
namespace {

TEST(StoreThread, RunsJobsElsewhereInOrderAndAnswersOnTheLoop) {
  support::TemporaryDirectory dir;
  support::TestLoop loop;
  StoreThread thread(std::move(*Store::open(dir.path())), loop.executor());
  std::vector<int> ran;
  std::vector<int> answered;
  std::thread::id job_thread;
  std::thread::id done_thread;
  for (int i = 0; i < 10; ++i) {
    thread.run<int>(
        [&, i](Store&) -> base::Checked<int> {
          ran.push_back(i);
          job_thread = std::this_thread::get_id();
          return i;
        },
        [&](base::Checked<int> answer) {
          answered.push_back(*answer);
          done_thread = std::this_thread::get_id();
        });
  }
  ASSERT_TRUE(loop.run_until([&] { return answered.size() == 10; }));
  EXPECT_EQ(ran, answered);
  EXPECT_EQ(answered.front(), 0);
  EXPECT_EQ(done_thread, std::this_thread::get_id());
  EXPECT_NE(job_thread, done_thread);
}

TEST(StoreThread, TellsOnceThatTheDiskFailsAndOnceThatItWorksAgain) {
  support::TemporaryDirectory dir;
  support::TestLoop loop;
  StoreThread thread(std::move(*Store::open(dir.path())), loop.executor());
  std::vector<bool> told;
  thread.on_state_changed([&](const std::optional<base::Problem>& problem) { told.push_back(problem.has_value()); });
  int answers = 0;
  const auto answer_with = [&](base::Checked<void> answer) {
    thread.run<void>([answer](Store&) { return answer; }, [&](const base::Checked<void>&) { ++answers; });
  };
  answer_with(base::problem(base::Error::kConflict, "a rule"));
  answer_with(base::problem(base::Error::kIo, "full", "file"));
  answer_with(base::problem(base::Error::kIo, "full", "file"));
  ASSERT_TRUE(loop.run_until([&] { return answers == 3; }));
  ASSERT_TRUE(thread.disk_problem().has_value());
  EXPECT_EQ(thread.disk_problem()->message(), "file: full");
  answer_with({});
  ASSERT_TRUE(loop.run_until([&] { return answers == 4; }));
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
  EXPECT_FALSE(thread.disk_problem().has_value());
}

TEST(StoreThread, TellsThatTheDiskHangsUntilItAnswers) {
  support::TestLoop loop;
  StoreThread thread(std::move(*Store::in_memory()), loop.executor());
  std::vector<bool> told;
  thread.on_state_changed([&](const std::optional<base::Problem>& problem) { told.push_back(problem.has_value()); });
  thread.watch(0);
  thread.watch(1'000'000);
  EXPECT_FALSE(thread.disk_problem().has_value()) << "nobody waits";
  std::promise<void> release;
  bool answered = false;
  thread.run<void>(
      [released = release.get_future().share()](Store&) -> base::Checked<void> {
        released.wait();
        return base::problem(base::Error::kConflict, "a rule");
      },
      [&](const base::Checked<void>&) { answered = true; });
  thread.watch(1'000'000 + limits::kStoreHangMs - 1);
  EXPECT_FALSE(thread.disk_problem().has_value());
  thread.watch(1'000'000 + limits::kStoreHangMs);
  ASSERT_TRUE(thread.disk_problem().has_value());
  EXPECT_NE(thread.disk_problem()->message().find("has answered nothing"), std::string::npos);
  thread.watch(1'000'000 + 2 * limits::kStoreHangMs);
  release.set_value();
  ASSERT_TRUE(loop.run_until([&] { return answered; }));
  EXPECT_FALSE(thread.disk_problem().has_value());
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
}

TEST(StoreThread, RefusesOverItsBoundAndAnswersThatTooOnTheLoop) {
  support::TemporaryDirectory dir;
  support::TestLoop loop;
  StoreThread thread(std::move(*Store::open(dir.path())), loop.executor());
  std::promise<void> started;
  std::promise<void> release;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  const auto count = [&](const base::Checked<void>& answer) { ++(answer ? accepted : refused); };
  thread.run<void>(
      [&](Store&) -> base::Checked<void> {
        started.set_value();
        release.get_future().wait();
        return {};
      },
      count);
  started.get_future().wait();
  const std::size_t more = limits::kStoreJobsMax + 10;
  for (std::size_t i = 0; i < more; ++i) {
    thread.run<void>([](Store&) -> base::Checked<void> { return {}; }, count);
  }
  EXPECT_EQ(refused, 0U) << "never before run() returns";
  release.set_value();
  ASSERT_TRUE(loop.run_until([&] { return accepted + refused == more + 1; }));
  EXPECT_EQ(refused, 10U);
}

}  // namespace
}  // namespace backplane::store
