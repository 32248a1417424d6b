#include "plugin/candidate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace backplane::plugin {
namespace {

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

  std::filesystem::path root;
  std::vector<std::filesystem::path> dirs;
};

TEST_F(Candidates, AHostPluginIsFoundWithItsLibrary) {
  write(dirs[0], "lamp", "/lamp");
  const auto found = find_candidates({settings("lamp", "lamp")}, dirs);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].problems, IsEmpty());
  EXPECT_EQ(found[0].library, dirs[0] / "lamp.so");
}

TEST_F(Candidates, OneFromAnotherFolderNeedsIsolationThreadInItsYaml) {
  write(dirs[1], "lamp", "/lamp");
  auto plugin = settings("lamp", "lamp");
  auto found = find_candidates({plugin}, dirs);
  ASSERT_EQ(found[0].problems.size(), 1u);
  EXPECT_THAT(found[0].problems[0].text, HasSubstr("write `isolation: thread`"));
  EXPECT_EQ(found[0].problems[0].where, "backplane.yaml:7:3");
  plugin.isolation = config::Isolation::kThread;
  found = find_candidates({plugin}, dirs);
  EXPECT_THAT(found[0].problems, IsEmpty());
}

TEST_F(Candidates, ProcessIsolationIsRefusedWithTheRemedy) {
  write(dirs[0], "lamp", "/lamp");
  auto plugin = settings("lamp", "lamp");
  plugin.isolation = config::Isolation::kProcess;
  const auto found = find_candidates({plugin}, dirs);
  ASSERT_EQ(found[0].problems.size(), 1u);
  EXPECT_THAT(found[0].problems[0].text, HasSubstr("process isolation is not available yet in this version"));
  EXPECT_THAT(found[0].problems[0].text, HasSubstr("isolation: thread"));
}

TEST_F(Candidates, TheHostsOwnFolderComesFirst) {
  write(dirs[0], "lamp", "/mine");
  write(dirs[1], "lamp", "/theirs");
  EXPECT_EQ(find_candidates({settings("lamp", "lamp")}, dirs)[0].manifest->routes[0].path, "/mine");
}

TEST_F(Candidates, ASecondInstanceOfASingleInstancePluginIsRefused) {
  write(dirs[0], "lamp", "/lamp", R"(, "single_instance": true)");
  const auto found = find_candidates({settings("lamp", "lamp"), settings("lamp-2", "lamp")}, dirs);
  EXPECT_THAT(found[0].problems, IsEmpty());
  ASSERT_EQ(found[1].problems.size(), 1u);
  EXPECT_THAT(found[1].problems[0].text, HasSubstr("lamp-2"));
  EXPECT_THAT(found[1].problems[0].text, HasSubstr("and lamp is one"));
}

TEST_F(Candidates, ConfigForAPluginThatTakesNoneIsAProblem) {
  write(dirs[0], "lamp", "/lamp");
  auto plugin = settings("lamp", "lamp");
  plugin.config_json = base::Secret(std::string(R"({"level":1})"));
  EXPECT_EQ(find_candidates({plugin}, dirs)[0].problems.size(), 1u);
}

TEST_F(Candidates, RoutesThatGetInEachOthersWayAreNamedWithBothOwners) {
  write(dirs[0], "lamp", "/api/lamp");
  write(dirs[0], "light", "/api/{thing}");
  const auto problems = check_plugins({settings("lamp", "lamp"), settings("light", "light")}, dirs, {});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("lamp"));
  EXPECT_THAT(problems[0].text, HasSubstr("light"));
  EXPECT_EQ(problems[0].where, (dirs[0] / "light.json").string());
}

TEST_F(Candidates, ARouteOfTheHostCannotBeTaken) {
  write(dirs[0], "lamp", "/metrics");
  http::Route metrics{.id = "metrics", .method = "GET", .pattern = "/metrics", .scope = "metrics.read"};
  const auto problems = check_plugins({settings("lamp", "lamp")}, dirs, {metrics});
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].text, HasSubstr("host"));
}

TEST_F(Candidates, AMountKeepsTwoInstancesApart) {
  write(dirs[0], "lamp", "/lamp");
  auto second = settings("lamp-2", "lamp");
  second.mount = "/two";
  EXPECT_THAT(check_plugins({settings("lamp", "lamp"), second}, dirs, {}), IsEmpty());
  EXPECT_EQ(check_plugins({settings("lamp", "lamp"), settings("lamp-2", "lamp")}, dirs, {}).size(), 1u);
}

}  // namespace
}  // namespace backplane::plugin
