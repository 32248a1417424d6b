#include "kvm-info/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_systemd.hpp"

namespace backplane::kvm_info {
namespace {

constexpr std::int64_t kAmpleMs = 60'000;

TEST(Units, EnabledAndStartedAreWhatSystemdSays) {
  const FakeSystemd systemd({{"on.service", {"enabled", "active"}},
                             {"off.service", {"disabled", "inactive"}},
                             {"static.service", {"static", "failed"}},
                             {"masked.service", {"masked", "active"}},
                             {"unloaded.service", {"enabled", ""}},
                             {"transient.service", {"", "active"}}});
  const UnitStates answer = query_units({"on", "off.service", "static", "masked", "unloaded", "transient", "unknown"},
                                        systemd.address(), kAmpleMs);
  EXPECT_EQ(answer.problem, "");
  const std::map<std::string, UnitState> expected{
      {"on", {true, true}},        {"off.service", {false, false}}, {"static", {true, false}},
      {"masked", {false, true}},   {"unloaded", {true, false}},     {"transient", {false, true}},
      {"unknown", {false, false}},
  };
  EXPECT_EQ(answer.states, expected);
}

TEST(Units, WithoutABusAllAreFalseAndTheReasonIsGiven) {
  FakeTree tree;
  const UnitStates answer = query_units({"a", "b"}, "unix:path=" + tree.path("/none"), kAmpleMs);
  EXPECT_EQ(answer.states, (std::map<std::string, UnitState>{{"a", {}}, {"b", {}}}));
  EXPECT_THAT(answer.problem, testing::HasSubstr("No such file or directory"));
}

TEST(Units, ABusThatNeverAnswersEndsTheRoundWithAReason) {
  const FakeSystemd systemd({{"a.service", {"enabled", "active"}}}, true);
  const UnitStates answer = query_units({"a", "b", "c"}, systemd.address(), 50);
  EXPECT_EQ(answer.states.at("a"), UnitState{});
  EXPECT_THAT(answer.problem, testing::StartsWith("systemd cannot be asked over D-Bus: "));
}

TEST(Units, S31_NamesThatAreNoUnitNamesAreNeverAsked) {
  // Asking this bus would end in a problem.
  for (const std::string& name : {std::string("a b"), std::string("../x"), std::string("a\nb"), std::string("a;b"),
                                  std::string(300, 'a'), std::string("$(x)")}) {
    const FakeSystemd systemd({}, true);
    const UnitStates answer = query_units({name}, systemd.address(), 50);
    EXPECT_EQ(answer.problem, "") << name;
    EXPECT_EQ(answer.states.at(name), UnitState{}) << name;
  }
}

TEST(Units, NothingToAskNeedsNoBus) {
  FakeTree tree;
  EXPECT_EQ(query_units({}, "unix:path=" + tree.path("/none"), kAmpleMs).problem, "");
}

}  // namespace
}  // namespace backplane::kvm_info
