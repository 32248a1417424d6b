// The layer "files".
#include "runner/files.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <fstream>

#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

using testing::HasSubstr;

class Files : public Probe {
 protected:
  void SetUp() override { BACKPLANE_NEEDS_LANDLOCK(); }
};

TEST_F(Files, WhatOnlyRootMayReadIsRefusedToRoot) {
  BACKPLANE_NEEDS_ROOT();
  EXPECT_EQ(said({"read", "/etc/shadow"}), "EACCES");
}

TEST_F(Files, ReadableFilesAndFoldersThatWereNotGrantedAreRefused) {
  EXPECT_EQ(said({"read", directory.write("state/users.db", "secret")}), "EACCES");
  EXPECT_EQ(said({"read", "/etc/passwd"}), "EACCES");
  EXPECT_EQ(said({"list", "/"}), "EACCES");
  EXPECT_EQ(said({"list", "/tmp"}), "EACCES");
  EXPECT_EQ(said({"write", "/tmp/backplane-sandbox", "x"}), "EACCES");
}

TEST_F(Files, TheDataFolderIsThePluginsToChange) {
  directory.write("data/old", "old");
  const std::string data = path("data");
  EXPECT_EQ(said({"--data", data, "write", data + "/new", "text"}), "ok");
  EXPECT_EQ(support::read_file(data + "/new"), "text");
  EXPECT_EQ(said({"--data", data, "make-folder", data + "/folder"}), "ok");
  EXPECT_EQ(said({"--data", data, "rename", data + "/new", data + "/folder/new"}), "ok");
  EXPECT_EQ(said({"--data", data, "read", data + "/folder/new"}), "text");
  EXPECT_EQ(said({"--data", data, "remove", data + "/folder/new"}), "ok");
  EXPECT_EQ(said({"--data", data, "remove", data + "/folder"}), "ok");
  EXPECT_EQ(said({"--data", data, "list", data}), "ok");
  EXPECT_EQ(said({"--data", data, "read", directory.write("other", "x")}), "EACCES");
}

TEST_F(Files, NothingLeavesTheDataFolderByItsName) {
  const std::string data = path("data");
  const std::string inside = directory.write("data/inside", "x");
  EXPECT_EQ(said({"--data", data, "rename", inside, path("outside")}), "EACCES");
  EXPECT_EQ(said({"--data", data, "read", data + "/../note"}), "EACCES");
}

TEST_F(Files, ADataFolderThatIsNotThereYetIsNoError) {
  EXPECT_EQ(said({"--data", path("none"), "throw"}), "ok");
}

TEST_F(Files, AFileIsTruncatedInTheDataFolderOnly) {
  if (landlock_version() < kTruncateVersion) GTEST_SKIP() << "this kernel's Landlock does not know truncation";
  const std::string inside = directory.write("data/inside", "text");
  const std::string outside = directory.write("outside", "text");
  EXPECT_EQ(said({"--data", path("data"), "truncate", inside}), "ok");
  EXPECT_EQ(support::read_file(inside), "");
  EXPECT_EQ(said({"--data", path("data"), "--read", outside, "truncate", outside}), "EACCES");
  EXPECT_EQ(support::read_file(outside), "text");
}

TEST_F(Files, AFileThatIsOpenedForReadingIsNotEmptiedByIt) {
  const std::string file = directory.write("granted", "text");
  EXPECT_EQ(said({"--read", file, "open", file, std::to_string(O_RDONLY | O_TRUNC)}), "EPERM");
  EXPECT_EQ(said({"--read", file, "open", file, std::to_string(O_ACCMODE)}), "EPERM");
  EXPECT_EQ(support::read_file(file), "text");
}

TEST_F(Files, AGrantToReadIsNoGrantToWrite) {
  const std::string file = directory.write("granted/file", "text");
  const std::string folder = path("granted");
  EXPECT_EQ(said({"--read", folder, "read", file}), "text");
  EXPECT_EQ(said({"--read", folder, "write", file, "other"}), "EACCES");
  EXPECT_EQ(said({"--read", folder, "write", folder + "/new", "x"}), "EACCES");
  EXPECT_EQ(said({"--read", folder, "remove", file}), "EACCES");
  EXPECT_EQ(said({"--write", folder, "write", file, "other"}), "ok");
  EXPECT_EQ(support::read_file(file), "other");
}

TEST_F(Files, AGrantOfOneFileIsNoneOfItsNeighbour) {
  const std::string file = directory.write("file", "text");
  EXPECT_EQ(said({"--write", file, "write", file, "other"}), "ok");
  EXPECT_EQ(said({"--write", file, "read", directory.write("neighbour", "x")}), "EACCES");
}

TEST_F(Files, AGrantFollowsItsOwnLinkAndNoLinkLeadsOutOfIt) {
  const std::string file = directory.write("real/file", "text");
  const std::string secret = directory.write("secret", "secret");
  std::filesystem::create_directory_symlink(path("real"), path("link"));
  std::filesystem::create_symlink(secret, path("real/way-out"));
  EXPECT_EQ(said({"--read", path("link"), "read", path("link/file")}), "text");
  EXPECT_EQ(said({"--read", path("link"), "read", file}), "text");
  EXPECT_EQ(said({"--read", path("real"), "read", path("real/way-out")}), "EACCES");
}

TEST_F(Files, AGrantOfWhatIsNotThereIsPassedOverAndNamed) {
  EXPECT_THAT(said({"--read", path("gone"), "layers"}),
              HasSubstr("not granted, for they are not there or lead to the state directory: " + path("gone")));
}

TEST_F(Files, NoGrantLeadsToTheStateDirectoryWhateverItsNameLeadsToNow) {
  const std::string key = directory.write("state/key.pem", "key");
  const std::string other = directory.write("state-2/file", "text");
  std::filesystem::create_directory_symlink(path("state"), path("swapped"));
  const std::string state = path("state");
  for (const std::string& grant : {path("swapped"), state, key, path("")}) {
    EXPECT_EQ(said({"--state", state, "--read", grant, "read", key}), "EACCES") << grant;
  }
  EXPECT_EQ(said({"--state", state, "--read", path("state-2"), "read", other}), "text");
}

TEST_F(Files, ADeviceIsReadWrittenAndControlledWhereItIsGranted) {
  BACKPLANE_NEEDS_ROOT();
  const std::string device = "/dev/ptmx";
  const std::string pending = std::to_string(TIOCGPTN);
  EXPECT_EQ(said({"ioctl-device", device, pending}), "EACCES");
  EXPECT_EQ(said({"--device", device, "ioctl-device", device, pending}), "ok");
}

TEST_F(Files, TheMemoryAndTheEnvironmentOfTheDaemonStayClosedEvenWhereProcIsGranted) {
  const std::string daemon = "/proc/" + std::to_string(::getpid());
  EXPECT_EQ(said({"--read", "/proc", "list", daemon}), "ok");
  EXPECT_EQ(said({"--read", "/proc", "read", daemon + "/environ"}), "EACCES");
  EXPECT_EQ(said({"--write", "/proc", "read", daemon + "/mem"}), "EACCES");
  EXPECT_EQ(said({"--read", "/proc", "read", daemon + "/fd/0"}), "EACCES");
}

TEST_F(Files, WhatTheCLibraryLooksUpIsThere) {
  EXPECT_THAT(said({"read", "/proc/self/status"}), HasSubstr("sandbox_probe"));
  EXPECT_NE(said({"read", "/etc/ld.so.cache"}), "EACCES");
  EXPECT_EQ(said({"write", "/dev/null", "x"}), "ok");
}

TEST_F(Files, NetworkOpensTheFilesOfNamesAndCertificates) {
  EXPECT_EQ(said({"read", "/etc/hosts"}), "EACCES");
  EXPECT_NE(said({"--network", "yes", "read", "/etc/hosts"}), "EACCES");
  EXPECT_EQ(said({"--network", "yes", "read", "/etc/passwd"}), "EACCES");
}

// Landlock has nothing to say about these, and a process that runs as the daemon's user owns the daemon's files.
TEST_F(Files, ModesOfFilesCannotBeChanged) {
  const std::string file = directory.write("file", "x");
  EXPECT_EQ(said({"chmod", file}), "EPERM");
  EXPECT_EQ(said({"--read", file, "fchmod", file}), "EPERM");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_NE(status.st_mode & 0777, 0777u);
}

TEST(FilesWithoutLandlock, AreSaidToBeUnguardedWithTheRemedy) {
  const link::SandboxLayer layer = restrict_files(0, {}, {});
  EXPECT_EQ(layer.name, "files");
  EXPECT_FALSE(layer.active);
  EXPECT_THAT(layer.text, HasSubstr("give the plugin a user of its own"));
}

}  // namespace
}  // namespace backplane::runner
