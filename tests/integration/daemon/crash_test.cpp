// kill -9 at random moments during logins and logouts: what was answered holds (S-34).
#include <gtest/gtest.h>

#include <csignal>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "support/daemon.hpp"

namespace backplane::integration {
namespace {

using support::Client;
using support::Daemon;
using support::Headers;
using support::Reply;

constexpr int kRounds = 100;
constexpr std::size_t kAliveMax = 20;  // far under the cap of one user

class Crash : public testing::Test {
 protected:
  std::string log_in() {
    try {
      const Reply reply = daemon_.client().post_form("/api/auth/login", "user=admin&passwd=" + daemon_.password());
      return reply.status == 200 ? reply.cookie() : std::string();
    } catch (const std::exception&) {
      return {};  // killed while it was asked
    }
  }
  // Whether the answer said so; no answer says nothing.
  bool log_out(const std::string& cookie) {
    try {
      return daemon_.client().request("POST", "/api/auth/logout", {{"Cookie", cookie}}).status == 200;
    } catch (const std::exception&) {
      return false;
    }
  }
  int check(const std::string& cookie) { return daemon_.client().get("/api/auth/check", {{"Cookie", cookie}}).status; }

  // Logs in and out until the daemon is gone.
  void work() {
    for (;;) {
      const std::string cookie = log_in();
      if (cookie.empty()) return;
      alive_.insert(cookie);
      if (alive_.size() < kAliveMax && random_() % 2 == 0) continue;
      const std::string victim = *alive_.begin();
      alive_.erase(victim);  // whether it still lives is open until the answer
      if (!log_out(victim)) return;
      revoked_.insert(victim);
    }
  }

  Daemon daemon_{{.extra = "auth: { throttle: off, passwords: small }\n"
                           "compat: { kvmd: { logout: session } }\n"}};
  std::mt19937 random_{20261123};
  std::set<std::string> alive_;
  std::set<std::string> revoked_;
};

TEST_F(Crash, S34_NoRevokedTokenWorksAndNoAnsweredLoginIsLost) {
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_FALSE(log_in().empty());  // pays the password's argon2 first, so that the rest goes fast
    const auto moment = std::chrono::microseconds(random_() % 20'000);
    std::thread killer([this, moment] {
      const auto at = std::chrono::steady_clock::now() + moment;
      while (std::chrono::steady_clock::now() < at) std::this_thread::yield();
      daemon_.process().signal(SIGKILL);
    });
    work();
    killer.join();
    EXPECT_EQ(daemon_.process().wait(), 128 + SIGKILL);
    daemon_.start();
    for (const std::string& cookie : alive_) ASSERT_EQ(check(cookie), 200) << "round " << round;
    for (const std::string& cookie : revoked_) ASSERT_EQ(check(cookie), 403) << "round " << round;
    for (const std::string& cookie : alive_) EXPECT_TRUE(log_out(cookie));
    alive_.clear();
    revoked_.clear();
  }
}

}  // namespace
}  // namespace backplane::integration
