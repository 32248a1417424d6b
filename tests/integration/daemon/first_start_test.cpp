// A fresh install: one password that nobody could know, keys of its own, and silence on the network.
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return 0;
  return status.st_mode & 07777;
}

int log_in(const Daemon& daemon, const std::string& user, const std::string& password) {
  return daemon.client().post_form("/api/auth/login", "user=" + user + "&passwd=" + password).status;
}

TEST(FirstStart, S01_the_admin_password_is_shown_exactly_once) {
  Daemon daemon;
  const std::string output = daemon.process().output();
  EXPECT_EQ(count_of(output, "admin password: "), 1u) << output;
  EXPECT_GE(daemon.password().size(), 16u);
  EXPECT_EQ(count_of(output, daemon.password()), 1u) << output;
  ASSERT_EQ(daemon.stop(), 0);
  const std::string first = daemon.password();
  daemon.start();
  EXPECT_EQ(daemon.process().output().find("password"), std::string::npos) << daemon.process().output();
  EXPECT_EQ(log_in(daemon, "admin", first), 200);
}

TEST(FirstStart, S01_no_known_credential_opens_the_door) {
  const Daemon daemon({.extra = "auth: { throttle: off }\n"});
  const std::pair<const char*, const char*> known[] = {
      {"admin", "admin"},   {"admin", "password"}, {"admin", ""},     {"root", "root"}, {"admin", "dragonadmin"},
      {"guest", "guest"},   {"guest", ""},         {"root", "admin"}, {"", ""},         {"admin", "changeme"},
      {"admin", "12345678"}};
  for (const auto& [user, password] : known) {
    EXPECT_NE(log_in(daemon, user, password), 200) << user << ":" << password;
    EXPECT_NE(check(daemon, {{"Authorization", basic(user, password)}}), 200) << user << ":" << password;
  }
  EXPECT_EQ(check(daemon, {}), 401);
  EXPECT_EQ(log_in(daemon, "admin", daemon.password()), 200);
}

TEST(FirstStart, S02_two_installs_share_no_secret) {
  Daemon one;
  Daemon two;
  EXPECT_NE(one.password(), two.password());
  for (const char* file : {"/cert.pem", "/key.pem"}) {
    const std::string of_one = read_file(one.state_dir() + file);
    EXPECT_FALSE(of_one.empty()) << file;
    EXPECT_NE(of_one, read_file(two.state_dir() + file)) << file;
  }
  ASSERT_EQ(one.stop(), 0);
  ASSERT_EQ(two.stop(), 0);
  const auto hash_of = [](const Daemon& daemon) {
    const std::string bytes = read_file(daemon.state_dir() + "/backplane.db");
    const std::size_t at = bytes.find("$argon2id$");
    return at == std::string::npos ? std::string() : bytes.substr(at, 97);
  };
  EXPECT_FALSE(hash_of(one).empty());
  // "$argon2id$v=19$m=…,t=…,p=…$salt$hash": the same up to the salt.
  const auto salt_of = [](const std::string& hash) {
    const std::size_t end = hash.rfind('$');
    return hash.substr(hash.rfind('$', end - 1), 23);
  };
  EXPECT_NE(salt_of(hash_of(one)), salt_of(hash_of(two)));
}

TEST(FirstStart, S02_a_session_of_one_install_is_nothing_to_another) {
  Daemon one;
  const Daemon two;
  EXPECT_EQ(check(two, one.session()), 403);
}

// Numbers of one protocol of this thread's network namespace.
std::int64_t counter(const char* file, const std::string& protocol, const std::string& name) {
  std::ifstream lines(file);
  std::string names;
  std::string values;
  while (std::getline(lines, names) && std::getline(lines, values)) {
    if (names.rfind(protocol + ":", 0) != 0) continue;
    std::istringstream name_words(names);
    std::istringstream value_words(values);
    std::string each;
    std::string value;
    while (name_words >> each && value_words >> value) {
      if (each == name) return std::stoll(value);
    }
  }
  return -1;
}

bool enter_silent_network() {
  if (::unshare(CLONE_NEWNET) != 0) return false;
  const base::UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP;
  return ::ioctl(any.get(), SIOCSIFFLAGS, &loopback) == 0;
}

TEST(FirstStart, S03_the_daemon_opens_no_connection_and_sends_no_datagram) {
  bool entered = false;
  // A thread of its own: only it, and what it starts, is in the namespace.
  std::thread([&entered] {
    if (!enter_silent_network()) return;
    entered = true;
    Daemon daemon({.plugins = "{ kvm-info: {} }"});
    const std::int64_t before = counter("/proc/thread-self/net/snmp", "Tcp", "ActiveOpens");
    {
      Client client = daemon.client();  // the one connection that is not the daemon's
      EXPECT_EQ(client.get("/api/info", daemon.as_admin()).status, 200);
      EXPECT_EQ(client.get("/metrics", daemon.as_admin()).status, 200);
      EXPECT_EQ(client.get("/api/openapi.json", daemon.as_admin()).status, 200);
    }
    EXPECT_TRUE(reload(daemon, "the configuration was reloaded"));
    EXPECT_EQ(daemon.stop(), 0);
    EXPECT_EQ(before, 0);
    EXPECT_EQ(counter("/proc/thread-self/net/snmp", "Tcp", "ActiveOpens"), 1);
    EXPECT_EQ(counter("/proc/thread-self/net/snmp", "Udp", "OutDatagrams"), 0);
    EXPECT_EQ(counter("/proc/thread-self/net/snmp", "Udp", "NoPorts"), 0);
  }).join();
  if (!entered) GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(FirstStart, the_state_directory_and_its_secrets_are_private) {
  const Daemon daemon;
  EXPECT_EQ(mode_of(daemon.state_dir()), 0700u);
  EXPECT_EQ(mode_of(daemon.state_dir() + "/key.pem"), 0600u);
  EXPECT_EQ(mode_of(daemon.state_dir() + "/backplane.db"), 0600u);
  EXPECT_EQ(mode_of(daemon.unix_path()), 0600u);
}

TEST(FirstStart, a_port_in_use_does_not_swallow_the_password) {
  const Daemon other;
  const TemporaryDirectory directory;
  const std::string entry = "listen: [ { address: 127.0.0.1, port: ";
  const std::string file =
      directory.write("backplane.yaml", entry + std::to_string(other.plain_port()) + ", tls: false } ]\n");
  const Ended ended = run_backplaned({"--config", file, "--state-dir", directory.path() + "/state"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(count_of(ended.output, "admin password: "), 1u) << ended.output;
}

}  // namespace
}  // namespace backplane::support
