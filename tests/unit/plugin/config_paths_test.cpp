// Files and devices that an owner names in a plugin's config.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "plugin/isolation/paths.hpp"
#include "support/temporary_directory.hpp"

namespace backplane::plugin {
namespace {

using config::ConfigPath;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

ConfigPath named(std::string path, ConfigPath::Access access = ConfigPath::Access::kRead) {
  return {access, std::move(path), "plugins.video.config.file", "b.yaml:4:9"};
}

TEST(ConfigPaths, WhatTheOwnerNamesIsGivenAsTheManifestMarksIt) {
  link::SandboxSettings sandbox;
  EXPECT_THAT(give_config_paths({named("/etc/video/../video.yaml"), named("/srv/video", ConfigPath::Access::kWrite),
                                 named("/dev/video1", ConfigPath::Access::kDevice)},
                                "/var/lib/backplane", sandbox),
              IsEmpty());
  EXPECT_THAT(sandbox.paths,
              ElementsAre(link::PathGrant{"/etc/video.yaml", false}, link::PathGrant{"/srv/video", true}));
  EXPECT_THAT(sandbox.devices, ElementsAre("/dev/video1"));
}

TEST(ConfigPaths, APathThatIsNotAbsoluteIsAProblemAtItsPlace) {
  link::SandboxSettings sandbox;
  const auto problems = give_config_paths({named("video.yaml")}, "/var/lib/backplane", sandbox);
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].message(),
            "b.yaml:4:9: plugins.video.config.file: a plugin in a process of its own needs the absolute path");
  EXPECT_THAT(sandbox.paths, IsEmpty());
}

TEST(ConfigPaths, NothingThatLeadsToTheStateDirectoryIsGiven) {
  const support::TemporaryDirectory state;
  const std::string above = std::filesystem::path(state.path()).parent_path().string();
  for (const std::string& path : {state.path(), state.path() + "/backplane.db", above, std::string("/")}) {
    link::SandboxSettings sandbox;
    const auto problems = give_config_paths({named(path)}, state.path(), sandbox);
    ASSERT_THAT(problems, SizeIs(1)) << path;
    EXPECT_THAT(problems[0].text, HasSubstr("state directory"));
    EXPECT_THAT(sandbox.paths, IsEmpty()) << path;
  }
}

}  // namespace
}  // namespace backplane::plugin
