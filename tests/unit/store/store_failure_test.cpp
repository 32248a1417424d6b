// What happens when the disk is damaged, full, read-only in effect, or the process dies.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "store/store.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::store {
namespace {

UserRow user_row(const std::string& name) {
  UserRow row;
  row.name = name;
  row.role = "viewer";
  row.enabled = true;
  return row;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(StoreFailure, AFileThatIsNoDatabaseIsReportedByNameAndNotTouched) {
  support::TemporaryDirectory dir;
  const std::string path = dir.path() + "/backplane.db";
  const std::string garbage(8192, 'x');
  std::ofstream(path, std::ios::binary) << garbage;
  const auto store = Store::open(dir.path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, base::Error::kIo);
  EXPECT_EQ(store.error().where, path);
  EXPECT_NE(store.error().text.find("damaged"), std::string::npos);
  EXPECT_NE(store.error().text.find("backup"), std::string::npos);
  EXPECT_EQ(read_file(path), garbage);
}

TEST(StoreFailure, AnOverwrittenPageIsFoundAtOpeningAndTheFileIsKept) {
  support::TemporaryDirectory dir;
  std::string path;
  {
    auto store = Store::open(dir.path());
    ASSERT_TRUE(store);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(store->insert_user(user_row("user" + std::to_string(i))));
    path = store->path();
  }
  const auto size = std::filesystem::file_size(path);
  ASSERT_GT(size, 8192U);
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(size - 4096, '\xff');
  }
  const auto store = Store::open(dir.path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().where, path);
  EXPECT_NE(store.error().text.find("damaged"), std::string::npos) << store.error().text;
  EXPECT_EQ(std::filesystem::file_size(path), size);
}

TEST(StoreFailure, ADirectoryInPlaceOfTheFileIsReportedByName) {
  support::TemporaryDirectory dir;
  std::filesystem::create_directory(dir.path() + "/backplane.db");
  const auto store = Store::open(dir.path());
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, base::Error::kIo);
  EXPECT_EQ(store.error().where, dir.path() + "/backplane.db");
}

TEST(StoreFailure, AFullDiskRefusesWithARemedyAndLosesNothing) {
  support::TemporaryDirectory dir;
  std::size_t accepted = 0;
  {
    StoreOptions options;
    options.pages_max = 16;
    auto store = Store::open(dir.path(), options);
    ASSERT_TRUE(store) << store.error().message();
    base::Checked<UserRow> last = base::problem(base::Error::kInternal, "");
    for (; accepted < 10'000; ++accepted) {
      UserRow row = user_row("user" + std::to_string(accepted));
      row.hash = std::string(200, 'h');
      last = store->insert_user(row);
      if (!last) break;
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().code, base::Error::kIo);
    EXPECT_EQ(last.error().where, store->path());
    EXPECT_NE(last.error().text.find("full"), std::string::npos);
    EXPECT_NE(last.error().text.find("free some space"), std::string::npos);
    EXPECT_EQ(store->users()->size(), accepted);
    EXPECT_TRUE(store->delete_user(1)) << "what makes room still works";
  }
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store);
  EXPECT_EQ(store->users()->size(), accepted - 1);
}

TEST(StoreFailure, WhatWasAnsweredIsThereAfterTheProcessIsKilled) {
  support::TemporaryDirectory dir;
  int answers[2];
  ASSERT_EQ(::pipe(answers), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto store = Store::open(dir.path());
    if (!store) _exit(1);
    for (int i = 0;; ++i) {
      if (!store->insert_user(user_row("user" + std::to_string(i)))) _exit(1);
      if (::write(answers[1], "x", 1) != 1) _exit(1);
    }
  }
  ::close(answers[1]);
  std::size_t answered = 0;
  char byte = 0;
  while (answered < 50 && ::read(answers[0], &byte, 1) == 1) ++answered;
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  while (::read(answers[0], &byte, 1) == 1) ++answered;
  ::close(answers[0]);
  ASSERT_GE(answered, 50U);
  auto store = Store::open(dir.path());
  ASSERT_TRUE(store) << store.error().message();
  EXPECT_GE(store->users()->size(), answered);
}

}  // namespace
}  // namespace backplane::store
