// Journals that are damaged must be read as far as they can be, without a crash and without going round for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "log-stream/journal/lists.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr std::uint64_t kEntries = 400;
constexpr std::size_t kBytesSpoilt = 64;

void spoil(const std::string& path, std::size_t begin) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(begin));
  file << std::string(kBytesSpoilt, '\xa5');
}

// The part of the file that holds something, which systemd-journal-remote makes much larger than that.
std::size_t bytes_used(const std::string& path) {
  const std::string bytes = support::read_file(path);
  return bytes.find_last_not_of('\0') + 1;
}

void read_everything(const JournalFiles& files, std::size_t begin) {
  const std::unique_ptr<JournalReader> forward = reader_of(files);
  const Messages all = read_on(*forward);
  EXPECT_NE(all.end, EntryReader::Step::kPause);
  EXPECT_THAT(all.texts, IsSupersetOf({"sound 0", "sound 1"})) << "spoilt at " << begin;
  EXPECT_LE(all.texts.size(), kEntries + 2);
  Query back;
  back.skip = -static_cast<std::int64_t>(2 * kEntries);
  EXPECT_LE(messages_of(files, back).size(), kEntries + 2);
  static_cast<void>(list_boots(files.place()));
  static_cast<void>(list_field_values(files.place(), "MESSAGE", nullptr));
  Query units;
  units.units = {"cg*"};
  messages_of(files, units);
}

void write_sound_and_other(const JournalFiles& files) {
  files.write("sound", {said(0, "sound 0"), said(2 * kEntries, "sound 1")});
  files.write("damaged", said_in_turn(1, kEntries));
}

TEST(JournalDamage, AFileWithWrongBytesAnywhereDoesNotKeepTheOthersFromBeingRead) {
  const JournalFiles pattern;
  write_sound_and_other(pattern);
  const std::string bytes = support::read_file(pattern.file("damaged"));
  constexpr std::size_t kPlaces = 40;
  const std::size_t used = bytes_used(pattern.file("damaged"));
  for (std::size_t i = 0; i < kPlaces; ++i) {
    const std::size_t begin = used / kPlaces * i;
    std::ofstream(pattern.file("damaged"), std::ios::binary) << bytes;
    spoil(pattern.file("damaged"), begin);
    read_everything(pattern, begin);
  }
}

TEST(JournalDamage, WhatComesBeforeTheDamageIsRead) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, kEntries));
  spoil(files.file("system"), bytes_used(files.file("system")) * 3 / 4);
  const std::vector<std::string> messages = messages_of(files);
  ASSERT_GE(messages.size(), kEntries / 4);
  EXPECT_EQ(messages[0], "message 0");
  EXPECT_EQ(messages[1], "message 1");
}

TEST(JournalDamage, ATruncatedFileIsLeftOutAndTheOthersAreRead) {
  const JournalFiles files;
  write_sound_and_other(files);
  const std::size_t used = bytes_used(files.file("damaged"));
  for (const std::size_t size : {used / 2, used / 4, std::size_t{300}, std::size_t{100}, std::size_t{0}}) {
    std::filesystem::resize_file(files.file("damaged"), size);
    read_everything(files, size);
  }
}

TEST(JournalDamage, ATruncatedFileAloneIsAProblemInWords) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, kEntries));
  std::filesystem::resize_file(files.file("system"), bytes_used(files.file("system")) / 2);
  EXPECT_THAT(problem_of(files, {}).text, HasSubstr("damaged"));
}

}  // namespace
}  // namespace backplane::log_stream
