// `backplanectl plugin validate` as plugin authors run it: what it finds right, what it finds wrong, and its exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "config/json/value.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::validate {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Outcome {
  int exit_code = -1;
  std::string output;

  // The lines that begin so.
  std::vector<std::string> lines(std::string_view verdict) const {
    std::vector<std::string> found;
    std::istringstream text(output);
    for (std::string line; std::getline(text, line);) {
      if (line.starts_with(verdict) && line.find("failed, ") == std::string::npos) found.push_back(line);
    }
    return found;
  }
  // The line of that check; empty: there is none.
  std::string line(const std::string& check) const {
    std::istringstream text(output);
    const std::regex form("[a-zA-Z]+ +[123]  " + check + "  .*");
    for (std::string line; std::getline(text, line);) {
      if (std::regex_match(line, form)) return line;
    }
    return {};
  }
};

Outcome validate(const std::string& file, const std::vector<std::string>& more = {}) {
  std::vector<std::string> argv = {BACKPLANECTL, "plugin", "validate", file};
  argv.insert(argv.end(), more.begin(), more.end());
  support::ChildProcess command(argv);
  command.wait_for_output([](const std::string&) { return false; });  // until it has ended
  Outcome outcome{command.wait(), {}};
  outcome.output = command.output();
  return outcome;
}

std::string bad(const std::string& id) {
  return std::string(BAD_PLUGINS) + "/" + id + ".so";
}
// A row of the module with misdeeds.
Outcome validate_misdeed(const std::string& row, std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--config", R"({"misdeed":")" + row + R"("})"});
  return validate(bad("bad"), more);
}

class PassesEverything : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Validate, PassesEverything, testing::Values(HELLO, HELLO_C, KVM_INFO));

TEST_P(PassesEverything, AtLevelThree) {
  const Outcome outcome = validate(GetParam(), {"--level", "3"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
  EXPECT_THAT(outcome.lines("FAILED"), IsEmpty());
  EXPECT_THAT(outcome.line("memory"), HasSubstr("ok"));
  EXPECT_THAT(outcome.output, HasSubstr("\npassed: "));
}

TEST(Validate, TheProbePassesAllThatItsConfigurationDoesNotForbid) {
  const Outcome outcome = validate(PROBE, {"--level", "3"});
  // Configurations of its own tell it never to answer, and that is found both by going through them and by chance.
  EXPECT_EQ(outcome.exit_code, 1);
  ASSERT_EQ(outcome.lines("FAILED").size(), 2u) << outcome.output;
  for (const char* check : {"configuration bounds", "random configurations"}) {
    EXPECT_THAT(outcome.line(check), AllOf(HasSubstr("FAILED"), HasSubstr("on_config has not answered within 10 s"),
                                           HasSubstr("\"ignore\"")));
  }
  EXPECT_THAT(outcome.line("route follow"), HasSubstr("200, a stream"));  // a feed's, which does not end
  EXPECT_THAT(outcome.line("WebSocket messages"), HasSubstr("ok"));
  EXPECT_THAT(outcome.line("large uploads"), HasSubstr("ok"));
  EXPECT_THAT(outcome.line("slow readers"), HasSubstr("ok"));
}

struct Misdeed {
  const char* plugin;
  const char* check;
  const char* reason;
};
void PrintTo(const Misdeed& misdeed, std::ostream* out) {
  *out << misdeed.plugin;
}

class FindsTheMisdeed : public testing::TestWithParam<Misdeed> {};
INSTANTIATE_TEST_SUITE_P(
    Validate, FindsTheMisdeed,
    testing::Values(Misdeed{"no-symbol", "exported symbols", "does not export backplane_plugin_entry"},
                    Misdeed{"wrong-abi", "ABI version", "built for ABI 7.0, and this host has 0.1"},
                    Misdeed{"other-manifest", "embedded manifest", "built with another manifest"},
                    Misdeed{"create-fails", "start", "it logged: no such board"},
                    Misdeed{"create-throws", "start", "an exception left create"},
                    Misdeed{"route-without-handler", "start", "declares the route 'go', and it has no handler"},
                    Misdeed{"handler-without-route", "start", "it handles the route 'hidden'"},
                    Misdeed{"never-answers", "route go", "no answer within its 1000 ms"},
                    Misdeed{"throws", "route go", "an exception left on_request"},
                    Misdeed{"answers-twice", "route go", "called respond for a request that it had answered already"},
                    Misdeed{"stop-hangs", "stop", "it has not stopped within 5 s"}),
    [](const auto& info) { return std::regex_replace(std::string(info.param.plugin), std::regex("-"), "_"); });

TEST_P(FindsTheMisdeed, AndSaysWhichCheckFailed) {
  const std::string misdeed = GetParam().plugin;
  const bool own_module = misdeed == "no-symbol" || misdeed == "wrong-abi" || misdeed == "other-manifest";
  const Outcome outcome = own_module ? validate(bad(misdeed)) : validate_misdeed(misdeed);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.line(GetParam().check), AllOf(HasSubstr("FAILED"), HasSubstr(GetParam().reason)))
      << outcome.output;
}

TEST(Validate, ACrashIsToldWithItsReasonAndTheRunGoesOnWithAFreshProcess) {
  const Outcome outcome = validate(BRITTLE);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.line("hostile values"),
              AllOf(HasSubstr("FAILED"), HasSubstr("signal 6"), HasSubstr("POST /long with hostile values")));
  EXPECT_THAT(outcome.line("configuration bounds"),
              AllOf(HasSubstr("FAILED"), HasSubstr("its process ended in on_config"), HasSubstr("{\"percent\":100}")));
  for (const char* route : {"route fine", "route long", "route leak", "route hoard"}) {
    EXPECT_THAT(outcome.line(route), HasSubstr("ok")) << route;
  }
}

TEST(Validate, AnUploadOfWhichNothingIsGivenBackIsFound) {
  EXPECT_THAT(validate(BRITTLE).line("large uploads"),
              AllOf(HasSubstr("FAILED"), HasSubstr("it took 256 KiB of an upload"), HasSubstr("consume()")));
}

TEST(Validate, MemoryThatGrowsWithRequestsIsFound) {
  EXPECT_THAT(validate(BRITTLE, {"--level", "3"}).line("memory"), AllOf(HasSubstr("FAILED"), HasSubstr("on_end")));
}

TEST(Validate, LevelOneAsksNoRoute) {
  const Outcome outcome = validate(BRITTLE, {"--level", "1"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.line("second start"), HasSubstr("ok"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("route fine")));
}

TEST(Validate, TheReportAsJsonHasTheSameVerdicts) {
  const Outcome outcome = validate_misdeed("throws", {"--json", "--seed", "18446744073709551615"});
  EXPECT_EQ(outcome.exit_code, 1);
  const auto report = config::parse_json(outcome.output);
  ASSERT_TRUE(report) << outcome.output;
  EXPECT_EQ(*report->find("passed")->as<bool>(), false);
  EXPECT_EQ(*report->find("plugin")->as<std::string>(), "bad 1.0.0");
  EXPECT_EQ(*report->find("seed")->as<std::string>(), "18446744073709551615");
  std::string verdict;
  for (const auto& check : *report->find("checks")->as<config::JsonList>()) {
    if (*check.find("name")->as<std::string>() == "route go") verdict = *check.find("verdict")->as<std::string>();
  }
  EXPECT_EQ(verdict, "FAILED");
}

TEST(Validate, AConfigurationThatTheSchemaRefusesFails) {
  const Outcome outcome = validate(BRITTLE, {"--config", R"({"percent": 101})"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.line("configuration"),
              AllOf(HasSubstr("FAILED"), HasSubstr("101 is too large; the most is 100")));
  EXPECT_THAT(outcome.line("start"), HasSubstr("skipped"));
}

TEST(Validate, AManifestThatIsWrongFails) {
  const support::TemporaryDirectory folder;
  folder.write("odd.json", R"({"id": "odd", "version": "1", "abi": "0.1", "routs": []})");
  const Outcome outcome = validate(folder.write("odd.so", "nothing"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.line("manifest"), AllOf(HasSubstr("FAILED"), HasSubstr("routs")));
}

TEST(Validate, WhatIsNoCommandIsAUsageError) {
  EXPECT_EQ(validate("/nowhere/x.so").exit_code, 2);
  EXPECT_EQ(validate(HELLO, {"--level", "4"}).exit_code, 2);
}

}  // namespace
}  // namespace backplane::validate
