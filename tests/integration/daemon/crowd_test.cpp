// Crowds of silent connections, with too few descriptors or too little memory for them: others are served all the same.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "runner/sanitizers.hpp"
#include "support/programs.hpp"

namespace backplane::support {
namespace {

constexpr std::size_t kMiB = 1024 * 1024;

// Strangers that have begun a head and do not end it, each from one of a few addresses. Those that are refused are
// gone.
std::vector<Client> crowd_of(const Daemon& daemon, int count) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(7000, 'x');
  std::vector<Client> crowd;
  for (int i = 0; i < count; ++i) {
    crowd.push_back(Client::tcp(daemon.plain_port(), "127.0.0." + std::to_string(2 + i % 4)));
    crowd.back().send(head);
  }
  return crowd;
}

// A figure of /proc/<pid>/<file> in bytes.
std::size_t figure(Daemon& daemon, const std::string& file, const std::string& name) {
  std::ifstream lines("/proc/" + std::to_string(daemon.process().pid()) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  return 0;
}

// A guard against hanging, never a measurement.
bool comes_true(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
  }
  return true;
}

// Each connection is a descriptor of the test as well.
bool may_open_thousands() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 4000;
}

TEST(Crowd, BelowASmallDescriptorLimitIdleConnectionsGiveWayAndTheRemedyIsTold) {
  Daemon daemon({.wrapper = {"/usr/bin/prlimit", "--nofile=400:400"}});
  EXPECT_THAT(daemon.process().output(), testing::HasSubstr("room for 300 connections, and not 4096: the process may "
                                                            "open 400 files; raise LimitNOFILE="));
  const std::vector<Client> crowd = crowd_of(daemon, 320);
  EXPECT_EQ(daemon.client().get("/api/auth/check", daemon.as_admin()).status, 200);
}

TEST(Crowd, WhereDescriptorsRunOutAllTheSameIdleConnectionsGiveWayAndTheRemedyIsTold) {
  if (runner::kSanitized) GTEST_SKIP() << "a sanitizer needs a pipe of its own to look at memory, and says it is bad";
  Daemon daemon;
  const rlimit fewer{200, 200};
  ASSERT_EQ(::prlimit(daemon.process().pid(), RLIMIT_NOFILE, &fewer, nullptr), 0);
  const std::vector<Client> crowd = crowd_of(daemon, 300);
  EXPECT_EQ(daemon.client().get("/api/auth/check", daemon.as_admin()).status, 200);
  EXPECT_TRUE(daemon.process().wait_for_output([](const std::string& log) {
    return log.find("no room for another connection") != std::string::npos &&
           log.find("raise LimitNOFILE=") != std::string::npos;
  }));
}

TEST(Crowd, ItsMemoryComesBackOnceItHasLeft) {
  if (runner::kSanitized) GTEST_SKIP() << "a sanitizer keeps what was freed";
  if (!may_open_thousands()) GTEST_SKIP() << "needs 4,000 descriptors";
  Daemon daemon;
  const std::size_t before = figure(daemon, "smaps_rollup", "Anonymous");
  std::vector<Client> crowd = crowd_of(daemon, 2000);
  const auto grown = [&] { return figure(daemon, "smaps_rollup", "Anonymous") - before; };
  ASSERT_TRUE(comes_true([&] { return grown() > 12 * kMiB; })) << grown();
  crowd.clear();
  EXPECT_TRUE(comes_true([&] { return grown() < 3 * kMiB; })) << grown();
}

TEST(Crowd, WithoutMemoryForAllOfItTheDaemonLivesAndServesWhoIsIn) {
  if (runner::kSanitized) GTEST_SKIP() << "a sanitizer ends a process without memory";
  if (!may_open_thousands()) GTEST_SKIP() << "needs 4,000 descriptors";
  Daemon daemon;
  const Headers session = daemon.session();
  const rlim_t most = figure(daemon, "status", "VmSize") + 8 * kMiB;
  const rlimit limit{most, most};
  ASSERT_EQ(::prlimit(daemon.process().pid(), RLIMIT_AS, &limit, nullptr), 0);
  std::vector<Client> crowd = crowd_of(daemon, 3000);
  crowd.clear();
  EXPECT_TRUE(
      comes_true([&] { return Client::tcp(daemon.plain_port()).get("/api/auth/check", session).status == 200; }));
  EXPECT_EQ(daemon.stop(), 0);
}

}  // namespace
}  // namespace backplane::support
