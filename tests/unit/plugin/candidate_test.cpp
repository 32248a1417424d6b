#include "plugin/candidate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace backplane::plugin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Candidates : public testing::Test {
 protected:
  Candidates() {
    std::string name = (std::filesystem::temp_directory_path() / "backplane-candidates-XXXXXX").string();
    root = ::mkdtemp(name.data());
    dirs = {root / "host", root / "others"};
    for (const auto& dir : dirs) std::filesystem::create_directories(dir);
  }
  ~Candidates() override { std::filesystem::remove_all(root); }

  void write(const std::filesystem::path& dir, const std::string& id, const std::string& path,
             const std::string& more = "") {
    std::ofstream(dir / (id + ".json")) << R"({"id": ")" << id << R"(", "version": "1", "abi": "0.1",
      "extensions": {"needed": ["backplane.http/1"]},
      "routes": [{"id": "r", "path": ")" << path
                                        << R"(", "scope": "public", "safe": true}])" << more << "}";
  }
  static config::PluginSettings settings(const std::string& instance, const std::string& plugin) {
    config::PluginSettings settings;
    settings.instance = instance;
    settings.plugin = plugin;
    settings.where = "backplane.yaml:7:3";
    return settings;
  }

  std::vector<Candidate> find(const std::vector<config::PluginSettings>& plugins) const {
    return find_candidates(plugins, dirs, root / "state");
  }
  std::vector<base::Problem> check(const std::vector<config::PluginSettings>& plugins,
                                   std::vector<http::Route> host_routes = {}) const {
    return check_plugins(plugins, dirs, root / "state", std::move(host_routes));
  }

  std::filesystem::path root;
  std::vector<std::filesystem::path> dirs;
};

TEST_F(Candidates, AHostPluginIsFoundWithItsLibrary) {
  write(dirs[0], "lamp", "/lamp");
  const auto found = find({settings("lamp", "lamp")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].problems, IsEmpty());
  EXPECT_EQ(found[0].library, dirs[0] / "lamp.so");
}

TEST_F(Candidates, TheHostsOwnRunOnAThreadAndOneFromAnotherFolderInAProcess) {
  write(dirs[0], "lamp", "/lamp");
  write(dirs[1], "light", "/light");
  auto found = find({settings("lamp", "lamp"), settings("light", "light")});
  EXPECT_EQ(found[0].isolation, config::Isolation::kThread);
  EXPECT_EQ(found[1].isolation, config::Isolation::kProcess);
  EXPECT_THAT(found[1].problems, IsEmpty());
  auto trusted = settings("light", "light");
  trusted.isolation = config::Isolation::kThread;
  found = find({trusted});
  EXPECT_EQ(found[0].isolation, config::Isolation::kThread);
  EXPECT_THAT(found[0].problems, IsEmpty());
}

TEST_F(Candidates, ANeedOfAStrangersPluginThatIsNotGrantedIsAProblemOfTheCheck) {
  write(dirs[1], "lamp", "/lamp", R"(, "needs": {"devices": [{"path": "/dev/lamp"}]})");
  const auto problems = check({settings("lamp", "lamp")});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].where, "backplane.yaml:7:3");
  EXPECT_THAT(problems[0].text, HasSubstr("add `grants: { devices: [/dev/lamp] }`"));
}

TEST_F(Candidates, WhatIsGrantedIsInItsSandbox) {
  write(dirs[1], "lamp", "/lamp", R"(, "needs": {"paths": [{"path": "/srv/lamp", "write": true}]})");
  auto plugin = settings("lamp", "lamp");
  plugin.grants.emplace().paths = {"/srv/lamp"};
  const auto found = find({plugin});
  EXPECT_THAT(found[0].problems, IsEmpty());
  EXPECT_THAT(found[0].sandbox.paths, ElementsAre(link::PathGrant{"/srv/lamp", true}));
}

TEST_F(Candidates, AnotherGrantOrLimitMakesAnotherSandboxAndTheSameOnesDoNot) {
  write(dirs[1], "lamp", "/lamp", R"(, "needs": {"paths": [{"path": "/srv/lamp", "optional": true}]})");
  const auto plugin = settings("lamp", "lamp");
  const auto before = find({plugin})[0].sandbox;
  EXPECT_EQ(find({plugin})[0].sandbox, before);
  auto changed = plugin;
  changed.grants.emplace().paths = {"/srv/lamp"};
  EXPECT_NE(find({changed})[0].sandbox, before);
  changed = plugin;
  changed.memory_bytes_max = 9 << 20;
  EXPECT_NE(find({changed})[0].sandbox, before);
  changed = plugin;
  changed.user = "root";
  EXPECT_NE(find({changed})[0].sandbox, before);
}

TEST_F(Candidates, TheStateDirectoryIsGivenToNone) {
  const std::string state = (root / "state").string();
  write(dirs[0], "lamp", "/lamp", R"(, "needs": {"paths": [{"path": ")" + state + R"(", "optional": true}]})");
  auto plugin = settings("lamp", "lamp");
  plugin.isolation = config::Isolation::kProcess;
  const auto problems = check({plugin});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("leads to the state directory " + state));
}

TEST_F(Candidates, KvmInfoIsGivenAllThatItAsksForInAProcess) {
  std::filesystem::copy_file(BACKPLANE_PLUGINS_SOURCE_DIR "/kvm-info/kvm-info.json", dirs[0] / "kvm-info.json");
  auto plugin = settings("kvm-info", "kvm-info");
  plugin.isolation = config::Isolation::kProcess;
  const auto found = find_candidates({plugin}, dirs, "/var/lib/backplane");
  EXPECT_THAT(found[0].problems, IsEmpty());
  EXPECT_THAT(found[0].sandbox.paths, ElementsAre(link::PathGrant{"/proc", false}, link::PathGrant{"/sys", false},
                                                  link::PathGrant{"/run/dbus/system_bus_socket", false}));
}

TEST_F(Candidates, TheHostsOwnFolderComesFirst) {
  write(dirs[0], "lamp", "/mine");
  write(dirs[1], "lamp", "/theirs");
  EXPECT_EQ(find({settings("lamp", "lamp")})[0].manifest->routes[0].path, "/mine");
}

TEST_F(Candidates, ASecondInstanceOfASingleInstancePluginIsRefused) {
  write(dirs[0], "lamp", "/lamp", R"(, "single_instance": true)");
  const auto found = find({settings("lamp", "lamp"), settings("lamp-2", "lamp")});
  EXPECT_THAT(found[0].problems, IsEmpty());
  ASSERT_EQ(found[1].problems.size(), 1u);
  EXPECT_THAT(found[1].problems[0].text, HasSubstr("lamp-2"));
  EXPECT_THAT(found[1].problems[0].text, HasSubstr("and lamp is one"));
}

TEST_F(Candidates, ConfigForAPluginThatTakesNoneIsAProblem) {
  write(dirs[0], "lamp", "/lamp");
  auto plugin = settings("lamp", "lamp");
  plugin.config = config::SecretValue(config::parse_json(R"({"level":1})").value());
  EXPECT_EQ(find({plugin})[0].problems.size(), 1u);
}

TEST_F(Candidates, RoutesThatGetInEachOthersWayAreNamedWithBothOwners) {
  write(dirs[0], "lamp", "/api/lamp");
  write(dirs[0], "light", "/api/{thing}");
  const auto problems = check({settings("lamp", "lamp"), settings("light", "light")});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("lamp"));
  EXPECT_THAT(problems[0].text, HasSubstr("light"));
  EXPECT_EQ(problems[0].where, (dirs[0] / "light.json").string());
}

TEST_F(Candidates, ARouteOfTheHostCannotBeTaken) {
  write(dirs[0], "lamp", "/metrics");
  http::Route metrics{.id = "metrics", .method = "GET", .pattern = "/metrics", .scope = "metrics.read"};
  const auto problems = check({settings("lamp", "lamp")}, {metrics});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("host"));
}

TEST_F(Candidates, AMountKeepsTwoInstancesApart) {
  write(dirs[0], "lamp", "/lamp");
  auto second = settings("lamp-2", "lamp");
  second.mount = "/two";
  EXPECT_THAT(check({settings("lamp", "lamp"), second}), IsEmpty());
  EXPECT_EQ(check({settings("lamp", "lamp"), settings("lamp-2", "lamp")}).size(), 1u);
}

}  // namespace
}  // namespace backplane::plugin
