#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/journal/lists.hpp"
#include "log-stream/limits.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FieldValues values_of(const JournalFiles& files, const std::string& field, const Masks* masks = nullptr) {
  const auto listed = list_field_values(files.place(), field, masks);
  if (!listed) throw std::runtime_error(listed.failure().text);
  return *listed;
}

TEST(FieldValues, EachStandsOnceAndTheyAreSorted) {
  const JournalFiles files;
  files.write("system", {said(1, "b"), said(2, "a"), said(3, "b")});
  files.write("user-1000", {said(4, "c"), said(5, "a")});
  const FieldValues values = values_of(files, "MESSAGE");
  EXPECT_THAT(values.values, ElementsAre("a", "b", "c"));
  EXPECT_FALSE(values.more);
  EXPECT_THAT(values_of(files, "_SYSTEMD_UNIT").values, ElementsAre("cgminer.service"));
  EXPECT_THAT(values_of(files, "NOBODY_HAS_IT").values, IsEmpty());
}

TEST(FieldValues, AreBoundedInNumber) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, kFieldValuesMax + 1));
  const FieldValues values = values_of(files, "MESSAGE");
  EXPECT_EQ(values.values.size(), kFieldValuesMax);
  EXPECT_TRUE(values.more);
}

TEST(FieldValues, AsManyAsTheBoundAreAll) {
  const JournalFiles files;
  files.write("system", said_in_turn(0, kFieldValuesMax));
  EXPECT_FALSE(values_of(files, "MESSAGE").more);
}

TEST(FieldValues, AreBoundedInBytes) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = 0; i < 2 * kFieldValuesBytesMax / kFieldBytesMax; ++i) {
    entries.push_back(said(i, std::to_string(i) + std::string(2 * kFieldBytesMax, 'x')));
  }
  files.write("system", entries);
  const FieldValues values = values_of(files, "MESSAGE");
  std::size_t bytes = 0;
  for (const std::string& value : values.values) bytes += value.size();
  EXPECT_TRUE(values.more);
  EXPECT_LE(bytes, kFieldValuesBytesMax + kFieldBytesMax);
}

TEST(FieldValues, WhatMasksFindIsHidden) {
  const JournalFiles files;
  files.write("system", {said(1, "password=hunter2"), said(2, "password=other"), said(3, "fan")});
  const Masks masks(Masks::defaults());
  const std::vector<std::string> values = values_of(files, "MESSAGE", &masks).values;
  EXPECT_THAT(values, testing::Contains("fan"));
  EXPECT_THAT(values, testing::Each(testing::Not(testing::HasSubstr("hunter2"))));
  EXPECT_EQ(values.size(), 2U);
}

TEST(FieldValues, S31_NamesThatAreNoFieldsAreProblemsOfTheRequest) {
  const JournalFiles files;
  files.write("system", {said(1, "a")});
  for (const std::string& name : {std::string(""), std::string("message"), std::string("--help"), std::string("A=b"),
                                  std::string("1A"), std::string("__CURSOR"), std::string("A\0", 2), std::string("A\n"),
                                  std::string("$(id)"), std::string(kFieldNameBytesMax + 1, 'A')}) {
    const auto listed = list_field_values(files.place(), name, nullptr);
    const sdk::Failure* problem = listed ? nullptr : &listed.failure();
    ASSERT_NE(problem, nullptr) << testing::PrintToString(name);
    EXPECT_EQ(problem->status, 400);
  }
}

}  // namespace
}  // namespace backplane::log_stream
