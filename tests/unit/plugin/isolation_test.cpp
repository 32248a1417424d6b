// Where a plugin runs, and what it is given there: of its own manifest, of the YAML, and of nobody's wish.
#include "plugin/isolation/isolation.hpp"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "config/limits.hpp"

namespace backplane::plugin {
namespace {

using config::Isolation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr bool kOurs = true;
constexpr bool kTheirs = false;

config::PluginSettings settings() {
  config::PluginSettings settings;
  settings.instance = "hello";
  settings.plugin = "hello";
  settings.where = "backplane.yaml:7:3";
  return settings;
}

config::PluginSettings in_a_process() {
  auto out = settings();
  out.isolation = Isolation::kProcess;
  return out;
}

config::PluginSettings granted(config::PluginGrants grants) {
  auto out = in_a_process();
  grants.where = "backplane.yaml:9:5";
  out.grants = std::move(grants);
  return out;
}

ManifestNeeds all_needs() {
  return {.devices = {{"/dev/video0"}},
          .paths = {{"/sys/class/thermal"}, {.path = "/srv/data", .write = true}},
          .capabilities = {"CAP_NET_RAW"},
          .feeds = {"host/log"},
          .network = true};
}

std::vector<std::string> texts(const IsolationDecision& decision) {
  std::vector<std::string> out;
  for (const base::Problem& problem : decision.problems) out.push_back(problem.message());
  return out;
}

IsolationDecision decide(const config::PluginSettings& settings, const ManifestNeeds& needs, bool in_host_dir) {
  return decide_isolation(settings, needs, in_host_dir, "/var/lib/backplane");
}

TEST(Isolation, TheHostsOwnRunOnAThreadAndAllOthersInAProcess) {
  EXPECT_EQ(decide(settings(), {}, kOurs).isolation, Isolation::kThread);
  EXPECT_EQ(decide(settings(), {}, kTheirs).isolation, Isolation::kProcess);
}

TEST(Isolation, WhatTheYamlSaysDecides) {
  auto plugin = settings();
  plugin.isolation = Isolation::kThread;
  EXPECT_EQ(decide(plugin, all_needs(), kTheirs).isolation, Isolation::kThread);
  EXPECT_THAT(texts(decide(plugin, all_needs(), kTheirs)), IsEmpty());
  EXPECT_EQ(decide(in_a_process(), {}, kOurs).isolation, Isolation::kProcess);
}

TEST(Isolation, WhatIsForAProcessIsRefusedOnAThreadEachAtItsPlace) {
  auto plugin = settings();
  plugin.user = "root";
  plugin.user_where = "backplane.yaml:8:5";
  plugin.memory_bytes_max = 64 << 20;
  plugin.grants.emplace().where = "backplane.yaml:9:5";
  EXPECT_THAT(texts(decide(plugin, {}, kOurs)),
              ElementsAre("backplane.yaml:8:5: hello: \"user\" has no effect on a plugin that runs within the daemon; "
                          "write `isolation: process`, or remove it",
                          HasSubstr("backplane.yaml:7:3: hello: \"memory_max\" has no effect"),
                          HasSubstr("backplane.yaml:9:5: hello: \"grants\" has no effect")));
}

TEST(Isolation, TheMemoryOfAProcessIsBoundedWhereTheYamlDoesNotSay) {
  EXPECT_EQ(decide(in_a_process(), {}, kOurs).sandbox.memory_bytes_max, config::limits::kPluginMemoryBytesDefault);
  auto plugin = in_a_process();
  plugin.memory_bytes_max = 64 << 20;
  EXPECT_EQ(decide(plugin, {}, kOurs).sandbox.memory_bytes_max, std::uint64_t{64} << 20);
}

TEST(IsolationUser, WithoutOneTheDaemonsOwnStays) {
  const auto sandbox = decide(in_a_process(), {}, kOurs).sandbox;
  EXPECT_EQ(sandbox.uid, -1);
  EXPECT_EQ(sandbox.gid, -1);
}

TEST(IsolationUser, IsLookedUpInTheSystem) {
  auto plugin = in_a_process();
  plugin.user = "root";
  const auto decision = decide(plugin, {}, kOurs);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_EQ(decision.sandbox.uid, 0);
  EXPECT_EQ(decision.sandbox.gid, 0);
  EXPECT_THAT(decision.sandbox.groups, testing::Not(testing::Contains(0)));  // the supplementary ones
}

TEST(IsolationUser, BringsTheGroupsThatOwnDevices) {
  std::string member;
  std::int64_t gid = -1;
  while (const group* entry = ::getgrent()) {
    if (entry->gr_mem[0] == nullptr) continue;
    member = entry->gr_mem[0];
    gid = entry->gr_gid;
    break;
  }
  ::endgrent();
  if (gid < 0) GTEST_SKIP() << "no group of this system has a member";
  auto plugin = in_a_process();
  plugin.user = member;
  const auto sandbox = decide(plugin, {}, kOurs).sandbox;
  EXPECT_TRUE(sandbox.gid == gid || testing::Value(sandbox.groups, testing::Contains(gid))) << member;
}

TEST(IsolationUser, AnUnknownOneIsRefusedWithTheCommandThatMakesIt) {
  auto plugin = in_a_process();
  plugin.user = "backplane-nobody-here";
  plugin.user_where = "backplane.yaml:8:5";
  EXPECT_THAT(texts(decide(plugin, {}, kOurs)),
              ElementsAre("backplane.yaml:8:5: hello: user: this system has no user \"backplane-nobody-here\"; make it "
                          "with `useradd --system --shell /usr/sbin/nologin backplane-nobody-here`, or name another"));
}

TEST(Grants, TheHostsOwnPluginIsGivenWhatItAsksFor) {
  const auto decision = decide(in_a_process(), all_needs(), kOurs);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_THAT(decision.sandbox.devices, ElementsAre("/dev/video0"));
  EXPECT_THAT(decision.sandbox.paths,
              ElementsAre(link::PathGrant{"/sys/class/thermal", false}, link::PathGrant{"/srv/data", true}));
  EXPECT_THAT(decision.sandbox.capabilities, ElementsAre("CAP_NET_RAW"));
  EXPECT_THAT(decision.feeds, ElementsAre("host/log"));
  EXPECT_TRUE(decision.sandbox.network);
}

TEST(Grants, WrittenAndEmptyTheyTakeFromTheHostsOwnPluginWhatItCanDoWithout) {
  const ManifestNeeds needs{.paths = {{.path = "/proc", .optional = true}}};
  EXPECT_THAT(decide(in_a_process(), needs, kOurs).sandbox.paths, SizeIs(1));
  const auto decision = decide(granted({}), needs, kOurs);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_THAT(decision.sandbox.paths, IsEmpty());
}

TEST(Grants, AThirdPartysPluginThatLacksSomethingIsRefusedWithTheYamlToWrite) {
  const auto one = decide(settings(), {.devices = {{"/dev/video0"}}}, kTheirs);
  EXPECT_THAT(texts(one), ElementsAre("backplane.yaml:7:3: hello: the plugin asks for the device /dev/video0; if you "
                                      "trust it with that, add `grants: { devices: [/dev/video0] }`"));
  EXPECT_THAT(one.sandbox.devices, IsEmpty());
  const auto all = decide(settings(), all_needs(), kTheirs);
  EXPECT_THAT(
      texts(all),
      ElementsAre("backplane.yaml:7:3: hello: the plugin asks for the device /dev/video0, the path /sys/class/thermal, "
                  "the path /srv/data (to write), the capability CAP_NET_RAW, the feed host/log and the network; if "
                  "you trust it with that, add `grants: { devices: [/dev/video0], paths: [/sys/class/thermal, "
                  "/srv/data], capabilities: [CAP_NET_RAW], feeds: [host/log], network: true }`"));
  EXPECT_THAT(all.feeds, IsEmpty());
  EXPECT_EQ(all.sandbox, decide(settings(), {}, kTheirs).sandbox);  // nothing was given
}

TEST(Grants, TheYamlToWriteKeepsWhatIsGrantedAlready) {
  const ManifestNeeds needs{.devices = {{"/dev/a"}, {"/dev/b, c"}}};
  EXPECT_THAT(texts(decide(granted({.devices = {"/dev/a"}}), needs, kTheirs)),
              ElementsAre("backplane.yaml:9:5: hello: the plugin asks for the device /dev/b, c; if you trust it with "
                          "that, write instead `grants: { devices: [/dev/a, \"/dev/b, c\"] }`"));
}

TEST(Grants, OnlyWhatBothNameIsGiven) {
  ManifestNeeds needs = all_needs();
  needs.devices.push_back({.path = "/dev/video1", .optional = true});
  const auto decision = decide(granted({.devices = {"/dev/video0"},
                                        .paths = {"/sys/class/thermal", "/srv/data"},
                                        .capabilities = {"CAP_NET_RAW"},
                                        .feeds = {"host/log"},
                                        .network = true}),
                               needs, kTheirs);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_EQ(decision.sandbox.devices, std::vector<std::string>{"/dev/video0"});
  EXPECT_THAT(decision.feeds, ElementsAre("host/log"));
  EXPECT_TRUE(decision.sandbox.network);
}

TEST(Grants, FeedsAreGivenByTheirNamesAndOnAThreadAllThatAreAskedFor) {
  const ManifestNeeds needs{.feeds = {"host/log", "camera/frames"}};
  const auto decision = decide(granted({.feeds = {"camera/frames", "camera/sound"}}), needs, kTheirs);
  EXPECT_THAT(texts(decision), ElementsAre(HasSubstr("does not ask for the feed camera/sound; remove it"),
                                           HasSubstr("asks for the feed host/log; if you trust it with that, write "
                                                     "instead `grants: { feeds: [camera/frames, host/log] }`")));
  EXPECT_THAT(decision.feeds, ElementsAre("camera/frames"));
  EXPECT_THAT(decide(settings(), needs, kOurs).feeds, ElementsAre("host/log", "camera/frames"));
}

TEST(Grants, OneAboveANeedGivesTheNeedAlone) {
  const auto decision = decide(granted({.paths = {"/sys"}}), {.paths = {{"/sys/class/thermal"}}}, kTheirs);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_THAT(decision.sandbox.paths, ElementsAre(link::PathGrant{"/sys/class/thermal", false}));
}

TEST(Grants, OneThatOnlyBeginsLikeANeedDoesNotCoverIt) {
  const ManifestNeeds needs{.paths = {{.path = "/sys/class/thermal", .optional = true}}};
  const auto decision = decide(granted({.paths = {"/sys/class/therm"}}), needs, kTheirs);
  EXPECT_THAT(texts(decision), ElementsAre(HasSubstr("does not ask for the path /sys/class/therm; remove it")));
  EXPECT_THAT(decision.sandbox.paths, IsEmpty());
}

TEST(Grants, APathIsNoDevice) {
  const auto decision = decide(granted({.paths = {"/dev/video0"}}), {.devices = {{"/dev/video0"}}}, kTheirs);
  EXPECT_THAT(texts(decision), ElementsAre(HasSubstr("does not ask for the path /dev/video0"),
                                           HasSubstr("write instead `grants: { devices: [/dev/video0] }`")));
}

TEST(Grants, WhatTheManifestDoesNotAskForIsRefused) {
  EXPECT_THAT(
      texts(decide(
          granted({.devices = {"/dev/video0"}, .paths = {"/srv"}, .capabilities = {"CAP_CHOWN"}, .network = true}), {},
          kTheirs)),
      ElementsAre("backplane.yaml:9:5: hello: grants: the manifest does not ask for the device /dev/video0; "
                  "remove it",
                  HasSubstr("grants: the manifest does not ask for the path /srv; remove it"),
                  HasSubstr("grants: the manifest does not ask for the capability CAP_CHOWN; remove it"),
                  HasSubstr("grants: the manifest does not ask for the network; remove it")));
}

TEST(Grants, APartOfANeedIsNoGrant) {
  const ManifestNeeds needs{.paths = {{.path = "/sys", .optional = true}}};
  const auto decision = decide(granted({.paths = {"/sys/class"}}), needs, kTheirs);
  EXPECT_THAT(texts(decision), ElementsAre(HasSubstr("grants: the manifest asks for the path /sys as a whole; grant "
                                                     "that, or remove /sys/class")));
  EXPECT_THAT(decision.sandbox.paths, IsEmpty());
}

class StateDirectory : public testing::Test {
 protected:
  StateDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "backplane-isolation-XXXXXX").string();
    root = std::filesystem::canonical(::mkdtemp(name.data()));
    state = root / "state";
    std::filesystem::create_directories(state / "plugins");
    std::filesystem::create_directories(root / "beside");
    std::filesystem::create_directory_symlink(state / "plugins", root / "link");
  }
  ~StateDirectory() override { std::filesystem::remove_all(root); }

  IsolationDecision asked(const std::filesystem::path& path, bool in_host_dir, config::PluginSettings plugin) const {
    return decide_isolation(plugin, {.paths = {{path.string()}}}, in_host_dir, state);
  }

  std::filesystem::path root;
  std::filesystem::path state;
};

TEST_F(StateDirectory, IsGivenToNoPluginFromAboveFromBelowOrThroughALink) {
  for (const std::filesystem::path& path : {std::filesystem::path("/"), root, state, state / "plugins",
                                            state / "not-yet", root / "link", root / "link/x"}) {
    const auto ours = asked(path, kOurs, in_a_process());
    EXPECT_THAT(texts(ours), ElementsAre("backplane.yaml:7:3: hello: the plugin asks for the path " + path.string() +
                                         ", and " + path.string() + " leads to the state directory " + state.string() +
                                         ", which holds users and keys; no plugin is given that"));
    EXPECT_THAT(ours.sandbox.paths, IsEmpty()) << path;
    const auto theirs = asked(path, kTheirs, granted({.paths = {path.string()}}));
    EXPECT_THAT(texts(theirs), testing::Contains(HasSubstr("which holds users and keys; grant something narrower")));
    EXPECT_THAT(theirs.sandbox.paths, IsEmpty()) << path;
  }
}

TEST_F(StateDirectory, IsNoDeviceEither) {
  EXPECT_THAT(texts(decide_isolation(in_a_process(), {.devices = {{state / "users.db"}}}, kOurs, state)),
              ElementsAre(HasSubstr("leads to the state directory")));
}

TEST_F(StateDirectory, IsNoReasonToRefuseWhatLiesBesideIt) {
  EXPECT_THAT(texts(asked(root / "beside", kOurs, in_a_process())), IsEmpty());
  EXPECT_THAT(texts(asked(state.string() + "2", kOurs, in_a_process())), IsEmpty());
}

TEST_F(StateDirectory, IsNotReachedByWhatAPluginCanDoWithoutAndIsNotGiven) {
  const ManifestNeeds needs{.paths = {{.path = "/", .optional = true}}};
  const auto decision = decide_isolation(settings(), needs, kTheirs, state);
  EXPECT_THAT(texts(decision), IsEmpty());
  EXPECT_THAT(decision.sandbox.paths, IsEmpty());
}

TEST_F(StateDirectory, APathThatCannotBeFollowedIsNotGiven) {
  std::filesystem::create_symlink(root / "loop", root / "loop");
  EXPECT_THAT(texts(asked(root / "loop", kOurs, in_a_process())), ElementsAre(HasSubstr("cannot be followed (")));
}

TEST_F(StateDirectory, MayBeNamedRelatively) {
  const auto here = std::filesystem::current_path();
  const auto decision =
      decide_isolation(in_a_process(), {.paths = {{(here / "not-yet/plugins").string()}}}, kOurs, "not-yet/");
  EXPECT_THAT(texts(decision), ElementsAre(HasSubstr("leads to the state directory")));
}

}  // namespace
}  // namespace backplane::plugin
