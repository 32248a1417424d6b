// The layer "system calls", as far as sockets are concerned.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "probe_fixture.hpp"

namespace backplane::runner {
namespace {

using testing::HasSubstr;

class Sockets : public Probe {
 protected:
  static std::string number(int value) { return std::to_string(value); }

  // Listens on a free port of this machine.
  void listen_on_loopback() {
    listener = base::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener.get(), 8), 0);
    ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = number(ntohs(address.sin_port));
  }
  void listen_on(const std::string& name) {
    listener = base::UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener.get(), 8), 0);
  }

  base::UniqueFd listener;
  std::string port;
};

TEST_F(Sockets, NoneIsMadeWithoutTheNetwork) {
  EXPECT_EQ(refused({"socket", number(AF_INET), number(SOCK_STREAM)}), "socket");
  EXPECT_EQ(refused({"socket", number(AF_INET6), number(SOCK_DGRAM)}), "socket");
  EXPECT_EQ(refused({"socket", number(AF_NETLINK), number(SOCK_RAW)}), "socket");
  EXPECT_EQ(refused({"socket", number(AF_PACKET), number(SOCK_RAW)}), "socket");
}

TEST_F(Sockets, WithTheNetworkTheyConnectAndListen) {
  ASSERT_NO_FATAL_FAILURE(listen_on_loopback());
  EXPECT_EQ(said({"--network", "yes", "connect", port}), "ok");
  EXPECT_EQ(said({"--network", "yes", "listen"}), "ok");
  EXPECT_EQ(said({"--network", "yes", "socket", number(AF_INET6), number(SOCK_DGRAM)}), "ok");
  EXPECT_EQ(said({"--network", "yes", "look-up-host"}), "ok");
}

TEST_F(Sockets, WithTheNetworkAddressesCanBeAskedForAndNothingElseOfTheKernel) {
  const std::string raw = number(SOCK_RAW);
  const std::string netlink = number(AF_NETLINK);
  EXPECT_EQ(said({"--network", "yes", "socket", netlink, raw, number(NETLINK_ROUTE)}), "ok");
  EXPECT_EQ(refused({"--network", "yes", "socket", netlink, raw, number(NETLINK_AUDIT)}), "socket");
  EXPECT_EQ(refused({"--network", "yes", "socket", number(AF_PACKET), raw}), "socket");
  EXPECT_EQ(refused({"--network", "yes", "socket", number(AF_ALG), number(SOCK_SEQPACKET)}), "socket");
}

TEST_F(Sockets, RawOnesNeedTheirCapability) {
  BACKPLANE_NEEDS_ROOT();
  const Words packet{"socket", number(AF_PACKET), number(SOCK_RAW)};
  EXPECT_EQ(said({"--network", "yes", "socket", number(AF_INET), number(SOCK_RAW), number(IPPROTO_ICMP)}), "EPERM");
  EXPECT_EQ(said({"--network", "yes", "--capability", "CAP_NET_RAW", packet[0], packet[1], packet[2]}), "ok");
}

TEST_F(Sockets, ALocalOneIsConnectedWhereASocketIsGranted) {
  const std::string socket = path("bus");
  ASSERT_NO_FATAL_FAILURE(listen_on(socket));
  EXPECT_EQ(said({"connect-local", socket}), "EACCES");
  EXPECT_EQ(said({"--network", "yes", "connect-local", socket}), "EACCES");
  EXPECT_EQ(said({"--write", socket, "connect-local", socket}), "ok");
  EXPECT_THAT(said({"--write", socket, "layers"}), HasSubstr("local sockets can be connected to"));
}

TEST_F(Sockets, AGrantedSocketIsNoLicenceToListenOrForDatagrams) {
  const std::string socket = path("bus");
  ASSERT_NO_FATAL_FAILURE(listen_on(socket));
  EXPECT_EQ(refused({"--write", socket, "bind-local", path("own")}), "bind");
  EXPECT_EQ(said({"--write", socket, "socket", number(AF_UNIX), number(SOCK_DGRAM)}), "EACCES");
  EXPECT_EQ(refused({"--write", socket, "socket", number(AF_INET), number(SOCK_STREAM)}), "socket");
}

TEST_F(Sockets, AnAbstractNameIsOutOfReach) {
  if (landlock_version() < 6) GTEST_SKIP() << "this kernel's Landlock does not know abstract sockets";
  const std::string granted = path("bus");
  ASSERT_NO_FATAL_FAILURE(listen_on(granted));
  const base::UniqueFd file_listener(listener.release());
  const std::string name = "backplane-" + number(::getpid());
  listener = base::UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener.get(), 8), 0);
  EXPECT_EQ(said({"--write", granted, "connect-local", "@" + name}), "EPERM");
}

TEST_F(Sockets, APairIsMadeButNotOneThatSendsElsewhere) {
  EXPECT_EQ(said({"socketpair", number(SOCK_STREAM)}), "ok");
  EXPECT_EQ(said({"socketpair", number(SOCK_SEQPACKET)}), "ok");
  EXPECT_EQ(refused({"socketpair", number(SOCK_DGRAM)}), "socketpair");
}

TEST_F(Sockets, ALookUpOfAUserIsNotTheEnd) {
  EXPECT_EQ(said({"look-up-user"}), "ok");
}

}  // namespace
}  // namespace backplane::runner
