#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "plugin/isolation/paths.hpp"

namespace backplane::plugin {
namespace {

TEST(Covers, MeansTheSamePathOrOneBelow) {
  EXPECT_TRUE(covers("/sys", "/sys"));
  EXPECT_TRUE(covers("/sys", "/sys/class/thermal"));
  EXPECT_TRUE(covers("/", "/sys"));
  EXPECT_FALSE(covers("/sys", "/system"));
  EXPECT_FALSE(covers("/sys/class", "/sys"));
  EXPECT_FALSE(covers("/sys", "/"));
}

class Reaches : public testing::Test {
 protected:
  Reaches() {
    std::string name = (std::filesystem::temp_directory_path() / "backplane-reach-XXXXXX").string();
    root = std::filesystem::canonical(::mkdtemp(name.data()));
    std::filesystem::create_directories(root / "state/plugins");
  }
  ~Reaches() override { std::filesystem::remove_all(root); }

  std::filesystem::path root;
};

TEST_F(Reaches, LooksAtEveryPathAndDeviceThatIsGiven) {
  link::SandboxSettings sandbox;
  sandbox.devices = {"/dev/null"};
  sandbox.paths = {{"/proc", false}, {"/sys", false}};
  EXPECT_FALSE(reaches(sandbox, root / "state"));
  sandbox.paths.push_back({(root / "state").string(), false});
  EXPECT_TRUE(reaches(sandbox, root / "state"));
  sandbox.paths.pop_back();
  sandbox.devices.push_back((root / "state/plugins").string());
  EXPECT_TRUE(reaches(sandbox, root / "state"));
}

TEST_F(Reaches, FollowsLinksOfTheDayItIsAsked) {
  link::SandboxSettings sandbox;
  sandbox.paths = {{(root / "data").string(), true}};
  std::filesystem::create_directory(root / "data");
  EXPECT_FALSE(reaches(sandbox, root / "state"));
  std::filesystem::remove(root / "data");
  std::filesystem::create_directory_symlink(root / "state", root / "data");
  EXPECT_TRUE(reaches(sandbox, root / "state"));
}

TEST_F(Reaches, FollowsTheLinksOfTheFolderToo) {
  std::filesystem::create_directory_symlink(root / "state", root / "link");
  EXPECT_TRUE(reaches(root / "state/plugins", root / "link"));
}

TEST_F(Reaches, AFolderWithoutANameGuardsEverything) {
  EXPECT_TRUE(reaches("/dev/null", ""));
}

}  // namespace
}  // namespace backplane::plugin
