#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "log-stream/limits.hpp"
#include "support/journal_reading.hpp"

namespace backplane::log_stream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What an attacker sends to get out of a filter into a command, a C string, a line of text or a reader's eye.
const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values{
      "--file=/etc/shadow",
      "--",
      "-D/",
      "$(id)",
      "`id`",
      "; id",
      "a\nMESSAGE=b",
      std::string("a\0b", 3),
      std::string("\0", 1),
      "\xe2\x80\xae"
      "gpj",
      "' OR 1",
      "%s%n",
      "../../etc/passwd",
      "\xff\xfe",
      "_UID=0",
      "=",
      "",
  };
  return values;
}

WrittenEntry with(std::uint64_t second, std::string message, std::vector<std::pair<std::string, std::string>> fields,
                  std::string boot_id = kBootA) {
  fields.emplace_back("MESSAGE", std::move(message));
  return {second, std::move(fields), std::move(boot_id)};
}

Query of_units(std::vector<std::string> units) {
  Query query;
  query.units = std::move(units);
  return query;
}

TEST(JournalFilter, ABootIsSelectedByItsId) {
  const JournalFiles files;
  files.write("system", {with(1, "a", {}, kBootA), with(2, "b", {}, kBootB), with(3, "c", {}, kBootC)});
  Query query;
  query.boot_id = kBootB;
  EXPECT_THAT(messages_of(files, query), ElementsAre("b"));
}

TEST(JournalFilter, ALevelTakesItAndTheMoreUrgentAndNoneCountsAsSix) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t level = 0; level < 8; ++level) {
    entries.push_back(with(level, std::to_string(level), {{"PRIORITY", std::to_string(level)}}));
  }
  entries.push_back(with(8, "none", {}));
  entries.push_back(with(9, "nonsense", {{"PRIORITY", "urgent"}}));
  files.write("system", entries);
  Query query;
  query.level = 0;
  EXPECT_THAT(messages_of(files, query), ElementsAre("0"));
  query.level = 3;
  EXPECT_THAT(messages_of(files, query), ElementsAre("0", "1", "2", "3"));
  query.level = 5;
  EXPECT_THAT(messages_of(files, query), ElementsAre("0", "1", "2", "3", "4", "5"));
  query.level = 6;
  EXPECT_THAT(messages_of(files, query), ElementsAre("0", "1", "2", "3", "4", "5", "6", "none", "nonsense"));
  query.level = 7;
  EXPECT_EQ(messages_of(files, query).size(), 10U);
}

// What `units` selects must be the same whether the index finds it or each entry is looked at, as a follower does.
std::vector<std::string> both_ways(const JournalFiles& files, Query query) {
  const std::vector<std::string> by_index = messages_of(files, query);
  query.follow = true;
  EXPECT_EQ(messages_of(files, query), by_index);
  return by_index;
}

void write_units(const JournalFiles& files) {
  files.write(
      "system",
      {with(1, "own", {{"_SYSTEMD_UNIT", "cgminer.service"}}),
       with(2, "systemd", {{"_PID", "1"}, {"UNIT", "cgminer.service"}}),
       with(3, "pretended", {{"_PID", "77"}, {"UNIT", "cgminer.service"}}),
       with(4, "journald", {{"_UID", "0"}, {"OBJECT_SYSTEMD_UNIT", "cgminer.service"}}),
       with(5, "object pretended", {{"_UID", "5"}, {"OBJECT_SYSTEMD_UNIT", "cgminer.service"}}),
       with(6, "core dump",
            {{"_UID", "0"}, {"COREDUMP_UNIT", "cgminer.service"}, {"MESSAGE_ID", "fc2e22bc6ee647b6b90729ab34a250b1"}}),
       with(7, "other", {{"_SYSTEMD_UNIT", "cgminer-watch.service"}}),
       with(8, "third", {{"_SYSTEMD_UNIT", "ssh.service"}}), with(9, "kernel", {})});
}

TEST(JournalFilter, AUnitIsWhatItWroteAndWhatTheSystemSaysOfIt) {
  const JournalFiles files;
  write_units(files);
  EXPECT_THAT(both_ways(files, of_units({"cgminer.service"})), ElementsAre("own", "systemd", "journald", "core dump"));
}

TEST(JournalFilter, OfSeveralUnitsAnyPasses) {
  const JournalFiles files;
  write_units(files);
  EXPECT_THAT(both_ways(files, of_units({"ssh.service", "cgminer-watch.service"})), ElementsAre("other", "third"));
}

TEST(JournalFilter, APatternOfUnitsIsThatOfAShell) {
  const JournalFiles files;
  write_units(files);
  EXPECT_THAT(both_ways(files, of_units({"cgminer*"})),
              ElementsAre("own", "systemd", "journald", "core dump", "other"));
  EXPECT_THAT(both_ways(files, of_units({"ss?.service", "cgminer-*"})), ElementsAre("other", "third"));
  EXPECT_THAT(both_ways(files, of_units({"[a-c]*-watch.service"})), ElementsAre("other"));
  EXPECT_THAT(both_ways(files, of_units({"nobody*"})), IsEmpty());
}

TEST(JournalFilter, MoreUnitsThanAreListedAreStillAllFound) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = 0; i < kExpandedUnitsMax + 10; ++i) {
    entries.push_back(with(i, "m", {{"_SYSTEMD_UNIT", "run-" + std::to_string(i) + ".scope"}}));
  }
  entries.push_back(said(1000, "of another unit"));
  files.write("system", entries);
  EXPECT_EQ(messages_of(files, of_units({"run-*"})).size(), kExpandedUnitsMax + 10);
}

TEST(JournalFilter, MatchesOfOneFieldAreAlternativesAndOfDifferentOnesAllHold) {
  const JournalFiles files;
  files.write("system",
              {with(1, "1", {{"COLOUR", "red"}, {"SIZE", "s"}}), with(2, "2", {{"COLOUR", "blue"}, {"SIZE", "s"}}),
               with(3, "3", {{"COLOUR", "red"}, {"SIZE", "l"}}), with(4, "4", {{"COLOUR", "green"}, {"SIZE", "s"}})});
  Query query;
  query.matches = {{"COLOUR", "red"}, {"SIZE", "s"}, {"COLOUR", "blue"}};
  EXPECT_THAT(messages_of(files, query), ElementsAre("1", "2"));
}

TEST(JournalFilter, AllFiltersHoldTogether) {
  const JournalFiles files;
  const auto entry = [](std::uint64_t second, const char* message, const char* level, const char* unit,
                        const std::string& boot) {
    return with(second, message, {{"PRIORITY", level}, {"_SYSTEMD_UNIT", unit}, {"COLOUR", "red"}}, boot);
  };
  files.write("system",
              {entry(1, "wrong boot", "3", "a.service", kBootA), entry(2, "right", "3", "a.service", kBootB),
               entry(3, "wrong level", "6", "a.service", kBootB), entry(4, "wrong unit", "3", "b.service", kBootB),
               entry(5, "silent", "3", "a.service", kBootB)});
  Query query;
  query.boot_id = kBootB;
  query.level = 4;
  query.units = {"a*"};
  query.matches = {{"COLOUR", "red"}};
  query.grep = "right|wrong";
  EXPECT_THAT(both_ways(files, query), ElementsAre("right"));
}

TEST(JournalFilter, GrepIgnoresCaseUnlessThePatternHasACapital) {
  const JournalFiles files;
  files.write("system", {said(1, "Pool 0 alive"), said(2, "pool 1 alive"), said(3, "fan")});
  Query query;
  query.grep = "pool \\d";
  EXPECT_THAT(messages_of(files, query), ElementsAre("Pool 0 alive", "pool 1 alive"));
  query.grep = "Pool \\d";
  EXPECT_THAT(messages_of(files, query), ElementsAre("Pool 0 alive"));
}

TEST(JournalFilter, ABadPatternIsAProblemOfTheRequest) {
  const JournalFiles files;
  files.write("system", {said(1, "one")});
  for (const std::string& pattern :
       {std::string("(a"), std::string("["), std::string("(?<=a)b"), std::string("\\"),
        std::string("((a{100}){100}){100}"), std::string("(a?b?){400}zq"),
        std::string("((a|b)(a|b)?){1,60}(a?b?){1,80}zq"), std::string(kGrepBytesMax + 1, 'a')}) {
    Query query;
    query.grep = pattern;
    const sdk::Failure problem = problem_of(files, query);
    EXPECT_EQ(problem.status, 400) << pattern;
    EXPECT_THAT(problem.text, HasSubstr("grep"));
  }
}

TEST(JournalFilter, WritersThatAreTooManyToListAreAllFound) {
  const JournalFiles files;
  std::vector<WrittenEntry> entries;
  for (std::uint64_t i = 0; i <= kExpandedUnitsMax; ++i) {
    entries.push_back(said(i, "message " + std::to_string(i)));
    for (auto& [name, value] : entries.back().fields) {
      if (name == "_SYSTEMD_UNIT") value = "worker-" + std::to_string(i) + ".service";
    }
  }
  entries.push_back(said(entries.size(), "not a worker's"));
  files.write("system", entries);
  Query query;
  query.units = {"worker-*.service"};
  query.written_by_units = true;
  const std::vector<std::string> found = messages_of(files, query);
  EXPECT_EQ(found.size(), kExpandedUnitsMax + 1);
  EXPECT_THAT(found, testing::Not(testing::Contains("not a worker's")));
}

TEST(JournalFilter, TheHashInACursorConfirmsNoGuessOfWhatMasksHide) {
  const JournalFiles files;
  files.write("system", {said(0, "User: bob Password: swordfish")});
  const Masks masks(Masks::defaults());
  const std::string right = cursors_of(files).at(0);
  const std::size_t hash = right.find(";x=");
  ASSERT_NE(hash, std::string::npos);
  const std::string place = right.substr(0, hash);
  for (const std::string& cursor : {right, place + ";x=1", "x=1;" + place, place}) {
    Query query = at(cursor);
    query.discrete = true;
    const std::unique_ptr<JournalReader> reader = reader_of(files, query, Fields::kAll, &masks);
    EXPECT_THAT(read_on(*reader).texts, ElementsAre("User: bob Password: ***")) << cursor;
  }
}

TEST(JournalFilter, WhatMasksHideIsHiddenAndCannotBeFound) {
  const JournalFiles files;
  files.write("system", {said(1, "login password=hunter2 accepted"), said(2, "password=other accepted")});
  const Masks masks(Masks::defaults());
  Query query;
  Entry entry;
  ASSERT_EQ(reader_of(files, query, Fields::kAll, &masks)->next(entry), EntryReader::Step::kEntry);
  EXPECT_THAT(std::string(entry.find("MESSAGE")), testing::Not(HasSubstr("hunter2")));
  query.grep = "hunter2";
  EXPECT_EQ(messages_of(files, query).size(), 1U);
  EXPECT_THAT(read_on(*reader_of(files, query, Fields::kAll, &masks)).texts, IsEmpty());
  query.grep = "accepted";
  EXPECT_EQ(read_on(*reader_of(files, query, Fields::kAll, &masks)).texts.size(), 2U);
}

TEST(JournalFilter, AMatchThatWouldTellAMaskedValueIsRefused) {
  const JournalFiles files;
  files.write("system", {said(1, "login password=hunter2 accepted")});
  const Masks masks(Masks::defaults());
  Query query;
  query.matches = {{"MESSAGE", "login password=hunter2 accepted"}};
  const sdk::Failure problem = problem_of(files, query, &masks);
  EXPECT_EQ(problem.status, 400);
  EXPECT_THAT(problem.text, HasSubstr("credential"));
  EXPECT_EQ(messages_of(files, query).size(), 1U);
}

TEST(JournalFilter, S31_HostileValuesOfAFieldAreComparedAndNothingElse) {
  for (const std::string& value : hostile_values()) {
    const JournalFiles files;
    files.write("system", {with(1, "harmless", {{"CUSTOM", "x"}}), with(2, "it", {{"CUSTOM", value}})});
    Query query;
    query.matches = {{"CUSTOM", value}};
    EXPECT_THAT(messages_of(files, query), ElementsAre("it")) << testing::PrintToString(value);
  }
}

TEST(JournalFilter, S31_HostileValuesOfAUnitSelectNothingElse) {
  const JournalFiles files;
  files.write("system", {said(1, "harmless"), with(2, "root", {{"_UID", "0"}, {"_PID", "1"}})});
  for (const std::string& value : hostile_values()) {
    EXPECT_THAT(both_ways(files, of_units({value})), IsEmpty()) << testing::PrintToString(value);
    EXPECT_THAT(both_ways(files, of_units({value + "[x]*"})), IsEmpty()) << testing::PrintToString(value);
  }
}

TEST(JournalFilter, S31_HostileBootIdsSelectNothing) {
  const JournalFiles files;
  files.write("system", {said(1, "harmless")});
  for (const std::string& value : hostile_values()) {
    if (value.empty()) continue;  // means all boots
    Query query;
    query.boot_id = value;
    EXPECT_THAT(messages_of(files, query), IsEmpty()) << testing::PrintToString(value);
  }
}

TEST(JournalFilter, S31_HostilePatternsAreFoundInTextsOrRefused) {
  for (const std::string& value : hostile_values()) {
    if (value.empty() || value.find('$') != std::string::npos) continue;  // no pattern; the end of the text
    const JournalFiles files;
    files.write("system", {said(1, "harmless"), said(2, "<" + value + ">")});
    Query query;
    query.grep = value;
    const auto opened = JournalReader::open(files.place(), query, Fields::kAll, nullptr);
    if (const sdk::Failure* problem = opened ? nullptr : &opened.failure()) {
      EXPECT_EQ(problem->status, 400);
      EXPECT_EQ(value, "\xff\xfe");  // no UTF-8
      continue;
    }
    EXPECT_EQ(messages_of(files, query).size(), 1U) << testing::PrintToString(value);
  }
}

TEST(JournalFilter, S31_NamesThatAreNoFieldsAreProblemsOfTheRequest) {
  const JournalFiles files;
  files.write("system", {said(1, "harmless")});
  for (const std::string& name : hostile_values()) {
    if (name == "") continue;
    Query query;
    query.matches = {{name, "x"}};
    EXPECT_EQ(problem_of(files, query).status, 400) << testing::PrintToString(name);
  }
}

}  // namespace
}  // namespace backplane::log_stream
