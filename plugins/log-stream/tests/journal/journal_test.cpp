#include "log-stream/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr uid_t kNobody = 65534;

// Root may read everything: takes that away for a while.
class WithoutPrivileges {
 public:
  WithoutPrivileges() { changed_ = geteuid() == 0 && seteuid(kNobody) == 0; }
  ~WithoutPrivileges() {
    if (changed_ && seteuid(0) != 0) std::abort();
  }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  bool changed_ = false;
};

std::string problem_of(const std::string& directory) {
  const sdk::Result<Journal> opened = open_journal({directory});
  const sdk::Failure* problem = opened ? nullptr : &opened.failure();
  if (problem == nullptr) return "";
  EXPECT_EQ(problem->status, 503);
  return problem->text;
}

TEST(Journal, FilesOfADirectoryOpen) {
  const JournalFiles files;
  files.write("system", {said(1, "one")});
  EXPECT_EQ(problem_of(files.path()), "");
}

TEST(Journal, FilesBelowTheIdOfAMachineOpen) {
  const JournalFiles files;
  files.write("system", {said(1, "one")});
  const std::string machine = files.path() + "/0123456789abcdef0123456789abcdef";
  std::filesystem::create_directory(machine);
  std::filesystem::rename(files.file("system"), machine + "/system.journal");
  EXPECT_EQ(problem_of(files.path()), "");
}

TEST(Journal, AMissingDirectoryIsNamed) {
  EXPECT_THAT(problem_of("/nonexistent/journal"),
              AllOf(HasSubstr("/nonexistent/journal does not exist"), HasSubstr("systemd-journald")));
}

TEST(Journal, AnEmptyDirectoryIsAProblem) {
  const JournalFiles files;
  EXPECT_THAT(problem_of(files.path()), HasSubstr("no journal files in " + files.path()));
}

TEST(Journal, ADirectoryThatMayNotBeReadNamesTheGroup) {
  const JournalFiles files;
  files.write("system", {said(1, "one")});
  ASSERT_EQ(chmod(files.path().c_str(), 0), 0);
  const WithoutPrivileges without;
  EXPECT_THAT(problem_of(files.path()), AllOf(HasSubstr("no permission"), HasSubstr(files.path()),
                                              HasSubstr("SupplementaryGroups=systemd-journal")));
}

TEST(Journal, FilesThatMayNotBeReadNameTheGroup) {
  const JournalFiles files;
  files.write("system", {said(1, "one")});
  ASSERT_EQ(chmod(files.path().c_str(), 0755), 0);
  ASSERT_EQ(chmod(files.file("system").c_str(), 0), 0);
  const WithoutPrivileges without;
  EXPECT_THAT(problem_of(files.path()),
              AllOf(HasSubstr("no permission"), HasSubstr("SupplementaryGroups=systemd-journal")));
}

TEST(Journal, FilesThatAreNoneAreCalledDamaged) {
  const support::TemporaryDirectory directory;
  directory.write("system.journal", std::string(10'000, 'x'));
  EXPECT_THAT(problem_of(directory.path()), AllOf(HasSubstr("damaged"), HasSubstr(directory.path())));
}

TEST(Journal, TheMachinesOwnDirectoriesAreNamedWhereBothAreMissing) {
  EXPECT_THAT(why_nothing_is_readable({"/nonexistent/var", "/nonexistent/run"}),
              HasSubstr("/nonexistent/var or /nonexistent/run"));
}

}  // namespace
}  // namespace backplane::log_stream
