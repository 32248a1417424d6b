#include "store/state_lock.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "support/temporary_directory.hpp"

namespace backplane::store {
namespace {

TEST(StateLock, MakesAnAbsentDirectoryForItsOwnerOnly) {
  support::TemporaryDirectory root;
  const std::string dir = root.path() + "/var/lib/state";
  ASSERT_TRUE(StateLock::acquire(dir));
  struct stat status {};
  ASSERT_EQ(::stat(dir.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(StateLock, RefusesASecondHolderAndNamesTheDirectoryAndTheFirst) {
  support::TemporaryDirectory root;
  const auto first = StateLock::acquire(root.path(), "/run/x.sock");
  ASSERT_TRUE(first);
  const auto second = StateLock::acquire(root.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::Error::kConflict);
  EXPECT_EQ(second.error().where, root.path());
  EXPECT_NE(second.error().text.find("process " + std::to_string(::getpid())), std::string::npos);
}

TEST(StateLock, TellsWhoHoldsItAndWhereItsSocketIs) {
  support::TemporaryDirectory root;
  {
    const auto lock = StateLock::acquire(root.path(), "/run/backplane/backplane.sock");
    ASSERT_TRUE(lock);
    const auto holder = StateLock::holder(root.path());
    ASSERT_TRUE(holder);
    ASSERT_TRUE(holder->has_value());
    EXPECT_EQ((*holder)->pid, ::getpid());
    EXPECT_EQ((*holder)->socket_path, "/run/backplane/backplane.sock");
  }
  const auto after = StateLock::holder(root.path());
  ASSERT_TRUE(after);
  EXPECT_FALSE(after->has_value()) << "the file of a holder that has gone locks nobody out";
  EXPECT_TRUE(StateLock::acquire(root.path()));
}

TEST(StateLock, NobodyHoldsADirectoryThatDoesNotExist) {
  support::TemporaryDirectory root;
  const auto holder = StateLock::holder(root.path() + "/absent");
  ASSERT_TRUE(holder);
  EXPECT_FALSE(holder->has_value());
}

TEST(StateLock, IsFreeAgainWhenItsProcessIsKilled) {
  support::TemporaryDirectory root;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = StateLock::acquire(root.path());
    const char answer = lock ? 'y' : 'n';
    if (::write(ready[1], &answer, 1) != 1) _exit(1);
    for (;;) ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  const auto refused = StateLock::acquire(root.path());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find(std::to_string(child)), std::string::npos);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(StateLock::acquire(root.path()));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(StateLock, AFileInPlaceOfTheDirectoryIsNamed) {
  support::TemporaryDirectory root;
  const std::string path = root.path() + "/state";
  std::ofstream(path) << "x";
  const auto lock = StateLock::acquire(path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, base::Error::kIo);
  EXPECT_EQ(lock.error().where, path);
}

TEST(StateLock, AParentThatIsAFileIsReportedWithThePath) {
  support::TemporaryDirectory root;
  std::ofstream(root.path() + "/file") << "x";
  const std::string path = root.path() + "/file/below/state";
  const auto lock = StateLock::acquire(path);
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, base::Error::kIo);
  EXPECT_EQ(lock.error().where, path);
}

}  // namespace
}  // namespace backplane::store
