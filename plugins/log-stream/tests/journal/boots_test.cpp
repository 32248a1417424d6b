#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "log-stream/journal/lists.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

std::vector<Boot> boots_of(const JournalFiles& files) {
  const auto listed = list_boots(files.place());
  if (!listed) throw std::runtime_error(listed.failure().text);
  return *listed;
}

WrittenEntry in_boot(std::uint64_t second, const std::string& boot_id) {
  WrittenEntry entry = said(second, "m");
  entry.boot_id = boot_id;
  return entry;
}

void expect_boot(const Boot& boot, std::int64_t index, const std::string& id, std::uint64_t first, std::uint64_t last) {
  EXPECT_EQ(boot.index, index);
  EXPECT_EQ(boot.boot_id, id);
  EXPECT_EQ(boot.first_us, kBeginUs + first * kSecondUs);
  EXPECT_EQ(boot.last_us, kBeginUs + last * kSecondUs);
}

TEST(Boots, AreListedOldestFirstAndCountedFromTheNewest) {
  const JournalFiles files;
  files.write("system",
              {in_boot(1, kBootA), in_boot(2, kBootA), in_boot(3, kBootB), in_boot(4, kBootC), in_boot(6, kBootC)});
  const std::vector<Boot> boots = boots_of(files);
  ASSERT_EQ(boots.size(), 3U);
  expect_boot(boots[0], -2, kBootA, 1, 2);
  expect_boot(boots[1], -1, kBootB, 3, 3);
  expect_boot(boots[2], 0, kBootC, 4, 6);
}

TEST(Boots, ABootMayBeInSeveralFiles) {
  const JournalFiles files;
  files.write("system@1", {in_boot(1, kBootA), in_boot(3, kBootB)});
  files.write("system", {in_boot(5, kBootB), in_boot(7, kBootC)});
  files.write("user-1000", {in_boot(6, kBootB)});
  const std::vector<Boot> boots = boots_of(files);
  ASSERT_EQ(boots.size(), 3U);
  expect_boot(boots[1], -1, kBootB, 3, 6);
}

TEST(Boots, AreFoundByTheirIndex) {
  const JournalFiles files;
  files.write("system", {in_boot(1, kBootA), in_boot(2, kBootB)});
  EXPECT_EQ(find_boot(files.place(), 0), kBootB);
  EXPECT_EQ(find_boot(files.place(), -1), kBootA);
  EXPECT_EQ(find_boot(files.place(), -2), std::nullopt);
  EXPECT_EQ(find_boot(files.place(), 1), std::nullopt);
  EXPECT_EQ(find_boot(files.place(), std::numeric_limits<std::int64_t>::min()), std::nullopt);
  EXPECT_EQ(find_boot({"/nonexistent"}, 0), std::nullopt);
}

TEST(Boots, WithoutAJournalThereIsAProblem) {
  EXPECT_THAT(list_boots({"/nonexistent"}).failure().text, testing::HasSubstr("/nonexistent"));
}

}  // namespace
}  // namespace backplane::log_stream
