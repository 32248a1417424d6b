// The layers "user", "no new privileges" and "capabilities", and what is said of all layers.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kNone[] = "\t0000000000000000\n";

class Privileges : public Probe {
 protected:
  static std::string line(const std::string& status, const std::string& name) {
    const std::size_t start = status.find("\n" + name + ":");
    if (start == std::string::npos) return "";
    const std::size_t value = start + name.size() + 2;
    return status.substr(value, status.find('\n', value) + 1 - value);
  }
  std::string status(Words options) {
    options.insert(options.end(), {"read", "/proc/self/status"});
    return said(options);
  }
};

TEST_F(Privileges, NoCapabilityIsLeft) {
  const std::string status = this->status({});
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) EXPECT_EQ(line(status, set), kNone) << set;
  if (::geteuid() == 0) {
    EXPECT_EQ(line(status, "CapBnd"), kNone);
  }
  EXPECT_EQ(line(status, "NoNewPrivs"), "\t1\n");
  EXPECT_EQ(line(status, "Seccomp"), "\t2\n");
}

TEST_F(Privileges, AGrantedCapabilityIsLeftAndItsCallsAreOpen) {
  BACKPLANE_NEEDS_ROOT();
  const std::string status = this->status({"--capability", "CAP_SYS_TIME"});
  for (const char* set : {"CapPrm", "CapEff", "CapBnd"}) EXPECT_EQ(line(status, set), "\t0000000002000000\n") << set;
  for (const char* set : {"CapInh", "CapAmb"}) EXPECT_EQ(line(status, set), kNone) << set;
  EXPECT_EQ(said({"--capability", "CAP_SYS_TIME", "set-clock"}), "EINVAL");
  EXPECT_EQ(refused({"set-clock"}), "clock_settime");
}

TEST_F(Privileges, ItBecomesItsOwnUserWithTheGroupsThatItWasTold) {
  BACKPLANE_NEEDS_ROOT();
  const std::string status = this->status({"--uid", "65534", "--gid", "65533", "--group", "44", "--group", "20"});
  EXPECT_EQ(line(status, "Uid"), "\t65534\t65534\t65534\t65534\n");
  EXPECT_EQ(line(status, "Gid"), "\t65533\t65533\t65533\t65533\n");
  EXPECT_THAT(line(status, "Groups"), HasSubstr("20 44"));
  for (const char* set : {"CapPrm", "CapEff", "CapBnd"}) EXPECT_EQ(line(status, set), kNone) << set;
}

TEST_F(Privileges, AGrantedCapabilityOutlivesTheChangeOfUser) {
  BACKPLANE_NEEDS_ROOT();
  const std::string status = this->status({"--uid", "65534", "--gid", "65534", "--capability", "CAP_NET_RAW"});
  for (const char* set : {"CapPrm", "CapEff", "CapBnd"}) EXPECT_EQ(line(status, set), "\t0000000000002000\n") << set;
}

TEST_F(Privileges, ItsOwnUserDiesWithTheDaemonToo) {
  BACKPLANE_NEEDS_ROOT();
  EXPECT_EQ(said({"--uid", "65534", "--gid", "65534", "death-signal"}), "9");
}

TEST_F(Privileges, TheUsersRightsHoldInAGrantedFolderToo) {
  BACKPLANE_NEEDS_ROOT();
  const std::string file = directory.write("file", "x");
  ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_EQ(said({"--read", directory.path(), "read", file}), "x");
  ASSERT_EQ(::chmod(path("note").c_str(), 0666), 0);
  EXPECT_EQ(said({"--uid", "65534", "--gid", "65534", "--read", directory.path(), "read", file}), "EACCES");
}

TEST_F(Privileges, TheUserCannotBeChangedAgain) {
  EXPECT_EQ(said({"setuid", "0"}), "EPERM");
  EXPECT_EQ(said({"setuid", "65534"}), "EPERM");
}

TEST_F(Privileges, AnUnknownCapabilityIsNamed) {
  for (const char* name : {"CAP_EVERYTHING", "cap_net_raw", "13"}) {
    const Ended ended = run({"--capability", name, "throw"});
    EXPECT_EQ(ended.status, kNotEntered);
    EXPECT_THAT(ended.said, HasSubstr(std::string("no capability ") + name));
  }
}

TEST_F(Privileges, ACapabilityThatTheDaemonHasNotIsNamedWithTheRemedy) {
  if (::geteuid() == 0) GTEST_SKIP() << "root has them all";
  const Ended ended = run({"--capability", "CAP_SYS_TIME", "throw"});
  EXPECT_EQ(ended.status, kNotEntered);
  EXPECT_THAT(ended.said, AllOf(HasSubstr("no CAP_SYS_TIME itself"), HasSubstr("AmbientCapabilities")));
}

TEST_F(Privileges, AUserThatCannotBecomeAnotherIsToldWhatTheDaemonNeeds) {
  if (::geteuid() == 0) GTEST_SKIP() << "root can";
  const Ended ended = run({"--uid", "65534", "--gid", "65534", "throw"});
  EXPECT_EQ(ended.status, kNotEntered);
  EXPECT_THAT(ended.said, AllOf(HasSubstr("cannot become user 65534"), HasSubstr("CAP_SETUID")));
}

TEST_F(Privileges, AUserWithoutAGroupIsRefused) {
  const Ended ended = run({"--uid", "65534", "throw"});
  EXPECT_EQ(ended.status, kNotEntered);
  EXPECT_THAT(ended.said, HasSubstr("needs a user id, a group id"));
}

TEST_F(Privileges, EachLayerSaysWhetherItIsInForce) {
  const std::string layers = said({"layers"});
  for (const char* name : {"limits", "no new privileges", "capabilities", "system calls"}) {
    EXPECT_THAT(layers, HasSubstr(std::string(name) + " | active | "));
  }
  EXPECT_THAT(layers, HasSubstr("user | inactive | runs as the daemon's user"));
  EXPECT_THAT(layers, HasSubstr(landlock_version() > 0 ? "files | active | " : "files | inactive | "));
  EXPECT_THAT(layers, Not(HasSubstr("not there")));
}

}  // namespace
}  // namespace backplane::runner
