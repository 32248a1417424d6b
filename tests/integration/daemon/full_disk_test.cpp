// A disk that fills up while the daemon runs: it says so, keeps answering, loses nothing, and recovers by itself.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

// A daemon whose state directory is a small disk of its own, seen by this process alone.
class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
      GTEST_SKIP() << "needs the right to mount a small disk";
    }
    daemon_ = std::make_unique<Daemon>(Daemon::Options{.plugins = "{ kvm-info: {} }"});
    ASSERT_EQ(daemon_->stop(), 0);
    // Before the mount: afterwards its name leads to the new disk.
    const std::string aside = daemon_->directory().path() + "/aside";
    std::filesystem::rename(daemon_->state_dir(), aside);
    std::filesystem::create_directory(daemon_->state_dir());
    if (::mount("tmpfs", daemon_->state_dir().c_str(), "tmpfs", 0, "size=1m,mode=0700") != 0) {
      GTEST_SKIP() << "cannot mount a small disk";
    }
    mounted_ = true;
    std::filesystem::copy(aside, daemon_->state_dir(), std::filesystem::copy_options::recursive);
    daemon_->start();
  }
  void TearDown() override {
    if (!mounted_) return;
    if (daemon_->process().running()) daemon_->stop();
    ::umount2(daemon_->state_dir().c_str(), MNT_DETACH);
  }

  void fill() {
    const base::UniqueFd file(::open(ballast().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const std::string page(512, 'x');
    while (::write(file.get(), page.data(), page.size()) > 0) {
    }
  }
  void free_space() { std::filesystem::remove(ballast()); }
  std::string ballast() const { return daemon_->state_dir() + "/ballast"; }
  Reply log_in() { return daemon_->client().post_form("/api/auth/login", "user=admin&passwd=" + daemon_->password()); }
  std::string health() { return daemon_->client().get("/api/v1/health", daemon_->as_admin()).body; }
  // Logs in until the disk takes no more: what is left in the pages and in the write-ahead log holds a few.
  Reply log_in_until_refused() {
    Reply reply;
    for (int i = 0; i < 100; ++i) {
      reply = log_in();
      if (reply.status != 200) break;
      fill();
    }
    return reply;
  }

  std::unique_ptr<Daemon> daemon_;
  bool mounted_ = false;
};

TEST_F(FullDisk, logins_are_refused_clearly_health_says_why_and_the_rest_goes_on) {
  const Headers session = daemon_->session();
  fill();
  const Reply refused = log_in_until_refused();
  EXPECT_TRUE(refused.status == 503 || refused.status == 500) << refused.status << refused.body;
  EXPECT_EQ(refused.body.find(daemon_->state_dir()), std::string::npos) << "the path is for the log: " << refused.body;

  const std::string said = health();
  EXPECT_EQ(said.find(R"({"state":"degraded")"), 0u) << said;
  EXPECT_NE(said.find("disk is full"), std::string::npos) << said;
  EXPECT_TRUE(daemon_->process().wait_for_text("disk is full")) << daemon_->process().output();
  EXPECT_EQ(check(*daemon_, session), 200);
  EXPECT_EQ(daemon_->client().get("/api/info", daemon_->as_admin()).status, 200);
  EXPECT_EQ(add_user(*daemon_, "eve", "viewer", "correct horse"), 503);
}

TEST_F(FullDisk, a_logout_counts_even_where_it_cannot_be_stored_and_still_after_kill_9) {
  const Headers session = daemon_->session();
  fill();
  ASSERT_NE(log_in_until_refused().status, 200);
  EXPECT_EQ(daemon_->client().request("POST", "/api/auth/logout", session).status, 200);
  EXPECT_EQ(check(*daemon_, session), 403);
  EXPECT_NE(health().find("disk is full"), std::string::npos) << "that is told all the same";
  daemon_->process().signal(SIGKILL);
  ASSERT_EQ(daemon_->process().wait(), 128 + SIGKILL);
  free_space();
  daemon_->start();
  EXPECT_EQ(check(*daemon_, session), 403);
}

TEST_F(FullDisk, when_there_is_space_again_all_is_well_and_nothing_was_lost) {
  const Headers session = daemon_->session();
  fill();
  ASSERT_NE(log_in_until_refused().status, 200);
  free_space();
  EXPECT_EQ(log_in().status, 200);
  const std::string said = health();
  EXPECT_EQ(said.find(R"({"state":"running")"), 0u) << said;
  EXPECT_EQ(add_user(*daemon_, "eve", "viewer", "correct horse"), 201);
  ASSERT_EQ(daemon_->stop(), 0);
  daemon_->start();
  EXPECT_EQ(check(*daemon_, session), 200);
  EXPECT_EQ(check(*daemon_, {{"Authorization", basic("eve", "correct horse")}}), 200);
}

TEST_F(FullDisk, a_start_on_a_full_disk_works_or_says_why) {
  ASSERT_EQ(daemon_->stop(), 0);
  fill();
  const Ended ended = [this] {
    ChildProcess process({BACKPLANED, "--config", daemon_->config_file(), "--state-dir", daemon_->state_dir()});
    if (process.wait_for_text("serving")) process.signal(SIGTERM);
    const int status = process.wait();
    return Ended{status, process.output()};
  }();
  EXPECT_TRUE(ended.status == 0 || (ended.status == 1 && ended.says(daemon_->state_dir()))) << ended.output;
  free_space();
  daemon_->start();
  EXPECT_EQ(check(*daemon_, daemon_->as_admin()), 200);
}

}  // namespace
}  // namespace backplane::support
