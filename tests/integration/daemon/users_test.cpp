// The Unix socket, and backplanectl over it or without a daemon: who may, what is answered, and what ends with a user.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

constexpr uid_t kNobody = 65534;

// Acts as another system user; only the calling thread, and only as the effective one.
class ActingAs {
 public:
  explicit ActingAs(uid_t uid) { changed_ = ::syscall(SYS_setresuid, -1, uid, -1) == 0; }
  ~ActingAs() { ::syscall(SYS_setresuid, -1, 0, -1); }
  ActingAs(const ActingAs&) = delete;
  ActingAs& operator=(const ActingAs&) = delete;
  bool changed() const { return changed_; }

 private:
  bool changed_ = false;
};

TEST(UnixSocket, the_daemons_own_user_is_admin_without_a_password) {
  const Daemon daemon;
  Client client = Client::unix_socket(daemon.unix_path());
  EXPECT_EQ(client.get("/api/auth/check").status, 200);
  EXPECT_EQ(client.get("/api/v1/users").status, 200);
}

TEST(UnixSocket, a_bad_credential_is_not_saved_by_the_peer) {
  const Daemon daemon;
  Client client = Client::unix_socket(daemon.unix_path());
  EXPECT_EQ(client.get("/api/auth/check", {{"Cookie", "auth_token=" + std::string(64, 'a')}}).status, 403);
  EXPECT_EQ(client.get("/api/auth/check", {{"Authorization", basic("admin", "wrong")}}).status, 403);
}

class PeersMap : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to act as somebody else";
    std::filesystem::permissions(directory_.path(), static_cast<std::filesystem::perms>(0755));
    daemon_ = std::make_unique<Daemon>();
    daemon_->directory().write(
        "backplane.yaml",
        replaced(read_file(daemon_->config_file()),
                 "plugin_dirs:", "  - { unix: " + path_ + ", mode: \"0666\", peers: { nobody: eve } }\nplugin_dirs:"));
    ASSERT_EQ(add_user(*daemon_, "eve", "viewer", "correct horse"), 201);
    ASSERT_EQ(daemon_->stop(), 0);
    daemon_->start();
  }

  const TemporaryDirectory directory_;
  const std::string path_ = directory_.path() + "/open.sock";
  std::unique_ptr<Daemon> daemon_;
};

TEST_F(PeersMap, a_peer_is_the_user_that_the_configuration_names) {
  const ActingAs nobody(kNobody);
  ASSERT_TRUE(nobody.changed());
  Client client = Client::unix_socket(path_);
  EXPECT_EQ(client.get("/api/auth/check").status, 200);
  EXPECT_EQ(client.get("/api/v1/users").status, 403) << "a viewer";
}

TEST_F(PeersMap, a_peer_that_is_not_named_is_nobody) {
  const ActingAs daemon_user(1);
  ASSERT_TRUE(daemon_user.changed());
  EXPECT_EQ(Client::unix_socket(path_).get("/api/auth/check").status, 401);
}

TEST_F(PeersMap, the_mode_of_the_other_socket_keeps_strangers_out) {
  std::filesystem::permissions(daemon_->directory().path(), static_cast<std::filesystem::perms>(0755));
  std::filesystem::permissions(daemon_->state_dir(), static_cast<std::filesystem::perms>(0755));
  const ActingAs nobody(kNobody);
  EXPECT_THROW(Client::unix_socket(daemon_->unix_path()), std::runtime_error);
}

TEST_F(PeersMap, a_deleted_user_is_gone_as_a_peer_too) {
  ASSERT_EQ(run_backplanectl(daemon_->state_dir(), {"user", "delete", "eve"}).status, 0);
  const ActingAs nobody(kNobody);
  EXPECT_NE(Client::unix_socket(path_).get("/api/auth/check").status, 200);
}

// Every command in both homes: over the socket of a daemon that runs, and on the files of one that does not.
class Ctl : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) {
      ASSERT_EQ(daemon_.stop(), 0);
    }
  }
  Ended ctl(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return run_backplanectl(daemon_.state_dir(), arguments, input);
  }
  void start_if_stopped() {
    if (!GetParam()) daemon_.start();
  }
  int check_password(const std::string& name, const std::string& password) {
    return check(daemon_, {{"Authorization", basic(name, password)}});
  }

  Daemon daemon_;
};

INSTANTIATE_TEST_SUITE_P(Users, Ctl, ::testing::Bool(), [](const auto& running) {
  return std::string(running.param ? "while_the_daemon_runs" : "while_it_does_not");
});

TEST_P(Ctl, a_user_is_added_listed_and_can_log_in) {
  const Ended added = ctl({"user", "add", "eve", "--role", "viewer", "--password-stdin"}, "correct horse\n");
  EXPECT_EQ(added.status, 0) << added.output;
  const Ended list = ctl({"user", "list"});
  EXPECT_EQ(list.status, 0) << list.output;
  EXPECT_TRUE(list.says("eve") && list.says("viewer") && list.says("admin")) << list.output;
  EXPECT_TRUE(list.says("guest") && list.says("no password")) << list.output;
  start_if_stopped();
  EXPECT_EQ(check_password("eve", "correct horse"), 200);
  EXPECT_EQ(daemon_.client().get("/api/v1/users", {{"Authorization", basic("eve", "correct horse")}}).status, 403);
}

TEST_P(Ctl, a_new_password_replaces_the_old_one) {
  const Ended set = ctl({"user", "set-password", "admin", "--password-stdin"}, "another password");
  EXPECT_EQ(set.status, 0) << set.output;
  start_if_stopped();
  EXPECT_EQ(check_password("admin", daemon_.password()), 403);
  EXPECT_EQ(check_password("admin", "another password"), 200);
}

TEST_P(Ctl, a_deleted_user_cannot_log_in) {
  ASSERT_EQ(ctl({"user", "add", "eve", "--role", "viewer", "--password-stdin"}, "correct horse").status, 0);
  const Ended removed = ctl({"user", "delete", "eve"});
  EXPECT_EQ(removed.status, 0) << removed.output;
  EXPECT_FALSE(ctl({"user", "list"}).says("eve"));
  start_if_stopped();
  EXPECT_EQ(check_password("eve", "correct horse"), 403);
}

TEST_P(Ctl, what_cannot_be_done_is_1_and_says_why) {
  const Ended role = ctl({"user", "add", "eve", "--role", "emperor", "--password-stdin"}, "correct horse");
  EXPECT_EQ(role.status, 1);
  EXPECT_TRUE(role.says("the roles are admin, guest, operator, viewer")) << role.output;
  const Ended taken = ctl({"user", "add", "admin", "--role", "admin", "--password-stdin"}, "correct horse");
  EXPECT_EQ(taken.status, 1);
  EXPECT_TRUE(taken.says("admin")) << taken.output;
  const Ended unknown = ctl({"user", "delete", "nobody-here"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_TRUE(unknown.says("nobody-here")) << unknown.output;
  const Ended unknown_password = ctl({"user", "set-password", "nobody-here", "--password-stdin"}, "correct horse");
  EXPECT_EQ(unknown_password.status, 1);
  EXPECT_TRUE(unknown_password.says("nobody-here")) << unknown_password.output;
  const Ended brief = ctl({"user", "add", "eve", "--role", "viewer", "--password-stdin"}, "short");
  EXPECT_EQ(brief.status, 1);
  EXPECT_TRUE(brief.says("8")) << brief.output;
  const Ended name = ctl({"user", "add", "no name", "--role", "viewer", "--password-stdin"}, "correct horse");
  EXPECT_EQ(name.status, 1) << name.output;
  EXPECT_FALSE(ctl({"user", "list"}).says("eve")) << "none of these did anything";
}

TEST_P(Ctl, the_last_admin_cannot_be_deleted) {
  const Ended ended = ctl({"user", "delete", "admin"});
  EXPECT_EQ(ended.status, 1) << ended.output;
  start_if_stopped();
  EXPECT_EQ(check_password("admin", daemon_.password()), 200);
}

TEST_P(Ctl, no_password_is_ever_shown) {
  const Ended added = ctl({"user", "add", "eve", "--role", "viewer", "--password-stdin"}, "correct horse");
  EXPECT_FALSE(added.says("correct horse")) << added.output;
  const Ended refused = ctl({"user", "add", "eve", "--role", "viewer", "--password-stdin"}, "wrong horse");
  EXPECT_FALSE(refused.says("wrong horse")) << refused.output;
  EXPECT_FALSE(ctl({"user", "list"}).says("argon2"));
}

TEST(CtlArguments, wrong_ones_are_a_usage_error) {
  EXPECT_EQ(run_program({BACKPLANECTL}).status, 2);
  EXPECT_EQ(run_program({BACKPLANECTL, "user"}).status, 2);
  EXPECT_EQ(run_program({BACKPLANECTL, "user", "add", "eve"}).status, 2) << "no role";
  EXPECT_EQ(run_program({BACKPLANECTL, "user", "list", "--no-such-option"}).status, 2);
  EXPECT_EQ(run_program({BACKPLANECTL, "--version"}).status, 0);
}

TEST(CtlArguments, an_empty_state_directory_is_named) {
  const TemporaryDirectory directory;
  const Ended ended = run_backplanectl(directory.path(), {"user", "list"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(directory.path())) << ended.output;
}

TEST(CtlConfig, check_tells_good_from_bad) {
  const TemporaryDirectory directory;
  const std::string good = directory.write("good.yaml", "listen: [ { address: 127.0.0.1, port: 8080, tls: false } ]\n");
  const std::string bad = directory.write("bad.yaml", "listen: [ { address: 127.0.0.1, prt: 8080 } ]\n");
  EXPECT_EQ(run_program({BACKPLANECTL, "config", "check", good}).status, 0);
  const Ended ended = run_program({BACKPLANECTL, "config", "check", bad});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(bad + ":1:")) << ended.output;
  EXPECT_TRUE(ended.says("did you mean \"port\"?")) << ended.output;
}

class WhatEndsWithAUser : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(add_user(daemon_, "eve", "viewer", "correct horse"), 201); }
  // A stream that stays open until somebody ends it.
  Client stream(const std::string& credential) {
    Client client = daemon_.client();
    EXPECT_TRUE(client.send("GET /api/slow/stream HTTP/1.1\r\nHost: a\r\n" + credential + "\r\n\r\n"));
    std::string seen;
    while (seen.find("open") == std::string::npos) {
      const std::string more = client.read_some();
      if (more.empty()) throw std::runtime_error("no stream: " + seen);
      seen += more;
    }
    return client;
  }
  std::string eve_basic() const { return "Authorization: " + basic("eve", "correct horse"); }

  Daemon daemon_{{.plugins = "{ slow: { isolation: thread } }", .plugin_dir = all_plugin_dirs()}};
};

TEST_F(WhatEndsWithAUser, S13_a_new_password_ends_the_sessions_of_the_user_and_no_others) {
  const Headers eve = session_of(daemon_, "eve", "correct+horse");
  const Headers admin = daemon_.session();
  ASSERT_EQ(check(daemon_, eve), 200);
  ASSERT_EQ(
      run_backplanectl(daemon_.state_dir(), {"user", "set-password", "eve", "--password-stdin"}, "new password").status,
      0);
  EXPECT_EQ(check(daemon_, eve), 403);
  EXPECT_EQ(check(daemon_, admin), 200);
  EXPECT_EQ(check(daemon_, {{"Authorization", basic("eve", "correct horse")}}), 403);
}

TEST_F(WhatEndsWithAUser, S13_deletion_ends_the_sessions) {
  const Headers eve = session_of(daemon_, "eve", "correct+horse");
  ASSERT_EQ(check(daemon_, eve), 200);
  ASSERT_EQ(run_backplanectl(daemon_.state_dir(), {"user", "delete", "eve"}).status, 0);
  EXPECT_EQ(check(daemon_, eve), 403);
}

TEST_F(WhatEndsWithAUser, S13_a_new_password_ends_open_streams_however_they_were_opened) {
  const Headers eve = session_of(daemon_, "eve", "correct+horse");
  Client by_cookie = stream("Cookie: " + eve.front().second);
  Client by_basic = stream(eve_basic());
  Client by_headers = stream("X-KVMD-User: eve\r\nX-KVMD-Passwd: correct horse");
  Client of_admin = stream("Authorization: " + basic("admin", daemon_.password()));
  ASSERT_EQ(
      run_backplanectl(daemon_.state_dir(), {"user", "set-password", "eve", "--password-stdin"}, "new password").status,
      0);
  EXPECT_TRUE(by_cookie.ended());
  EXPECT_TRUE(by_basic.ended());
  EXPECT_TRUE(by_headers.ended());
  const std::string plugins = daemon_.client().get("/api/v1/plugins", daemon_.as_admin()).body;
  EXPECT_NE(plugins.find(R"("streams":1)"), std::string::npos) << "the admin's goes on: " << plugins;
}

TEST_F(WhatEndsWithAUser, S13_deletion_ends_open_streams_without_a_session) {
  Client by_basic = stream(eve_basic());
  ASSERT_EQ(run_backplanectl(daemon_.state_dir(), {"user", "delete", "eve"}).status, 0);
  EXPECT_TRUE(by_basic.ended());
}

TEST_F(WhatEndsWithAUser, the_one_who_changes_the_own_password_gets_an_answer) {
  const std::pair<Headers, std::string> ways[] = {
      {daemon_.session(), "a first new password"},
      {{{"Authorization", basic("admin", "a first new password")}}, "a second new password"}};
  for (const auto& [credentials, password] : ways) {
    Headers headers = credentials;
    headers.emplace_back("Content-Type", "application/json");
    const Reply reply = daemon_.client().request("PUT", "/api/v1/users/admin/password", headers,
                                                 R"({"password":")" + password + R"("})");
    EXPECT_EQ(reply.status, 204) << reply.body;
    EXPECT_EQ(check(daemon_, credentials), 403);
    EXPECT_EQ(check(daemon_, {{"Authorization", basic("admin", password)}}), 200);
  }
}

// The code that an independent program makes of the secret that was printed.
std::string code_of(const std::string& printed) {
  const std::string before = "secret  ";
  const std::size_t at = printed.find(before) + before.size();
  const std::string secret = printed.substr(at, printed.find('\n', at) - at);
  const Ended oathtool = run_program({"/usr/bin/oathtool", "--totp", "--base32", secret});
  return oathtool.output.substr(0, oathtool.output.find('\n'));
}

TEST(SecondFactor, S16_TheCodesAreThoseOfOathtoolWithTheDaemonRunningOrNot) {
  if (::access("/usr/bin/oathtool", X_OK) != 0) GTEST_SKIP() << "needs the package oathtool";
  Daemon daemon({.extra = "auth: { throttle: off, passwords: small }\n"});
  ASSERT_EQ(add_user(daemon, "anna", "viewer", "correct horse"), 201);
  const auto log_in = [&daemon](const std::string& password) {
    return daemon.client().post_form("/api/auth/login", "user=anna&passwd=" + password).status;
  };
  const Ended running = run_backplanectl(daemon.state_dir(), {"user", "totp-enable", "anna"});
  ASSERT_EQ(running.status, 0) << running.output;
  EXPECT_TRUE(running.says("otpauth://totp/")) << running.output;
  EXPECT_EQ(log_in("correct+horse"), 403);
  const std::string code = code_of(running.output);
  EXPECT_EQ(log_in("correct+horse" + code), 200);
  EXPECT_EQ(log_in("correct+horse" + code), 403) << "spent";

  ASSERT_EQ(daemon.stop(), 0);
  const Ended stopped = run_backplanectl(daemon.state_dir(), {"user", "totp-enable", "anna"});
  ASSERT_EQ(stopped.status, 0) << stopped.output;
  daemon.start();
  EXPECT_EQ(daemon.client().get("/api/auth/check", {{"Authorization", basic("anna", "correct horse" + code)}}).status,
            403)
      << "of the old secret";
  EXPECT_EQ(daemon.client()
                .get("/api/auth/check", {{"Authorization", basic("anna", "correct horse" + code_of(stopped.output))}})
                .status,
            200);
  EXPECT_EQ(run_backplanectl(daemon.state_dir(), {"user", "totp-disable", "anna"}).status, 0);
  EXPECT_EQ(log_in("correct+horse"), 200);
  EXPECT_EQ(run_backplanectl(daemon.state_dir(), {"user", "totp-enable", "nobody"}).status, 1);
}

}  // namespace
}  // namespace backplane::support
