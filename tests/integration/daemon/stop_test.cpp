// SIGTERM drains and stops, and what was answered before a stop or a crash is still true after it.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

Daemon::Options with_slow(const std::string& config = "{}") {
  return {.plugins = "{ kvm-info: {}, slow: { isolation: thread, config: " + config + " } }",
          .plugin_dir = all_plugin_dirs()};
}

std::string slow_request(const Daemon& daemon, int delay_ms) {
  return "GET /api/slow?ms=" + std::to_string(delay_ms) +
         " HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("admin", daemon.password()) + "\r\n\r\n";
}

TEST(Stop, a_request_under_way_gets_its_answer_and_the_exit_is_clean) {
  Daemon daemon(with_slow());
  Client client = daemon.client();
  ASSERT_TRUE(client.send(slow_request(daemon, 1000)));
  ASSERT_TRUE(daemon.process().wait_for_text("asked to be late"));
  daemon.process().signal(SIGTERM);
  const Reply reply = client.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "late");
  EXPECT_EQ(reply.header("Connection"), "close");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(daemon.process().wait(), 0);
}

TEST(Stop, a_request_that_takes_too_long_is_told_so_and_the_exit_is_clean) {
  Daemon daemon(with_slow());
  Client client = daemon.client();
  ASSERT_TRUE(client.send(slow_request(daemon, 50'000)));
  ASSERT_TRUE(daemon.process().wait_for_text("asked to be late"));
  daemon.process().signal(SIGTERM);
  const Reply reply = client.read_reply();
  EXPECT_EQ(reply.status, 503);
  EXPECT_NE(reply.header("Retry-After"), "");
  EXPECT_EQ(daemon.process().wait(), 0);
}

TEST(Stop, idle_connections_end_and_no_new_one_is_taken) {
  Daemon daemon(with_slow());
  Client idle = daemon.client();
  ASSERT_EQ(idle.get("/login").status, 200);
  Client busy = daemon.client();
  ASSERT_TRUE(busy.send(slow_request(daemon, 1500)));
  ASSERT_TRUE(daemon.process().wait_for_text("asked to be late"));
  daemon.process().signal(SIGTERM);
  EXPECT_TRUE(idle.ended());
  EXPECT_THROW(Client::tcp(daemon.port()), std::runtime_error);
  EXPECT_EQ(busy.read_reply().status, 200) << "the stop had not come to its end yet";
  EXPECT_EQ(daemon.process().wait(), 0);
}

TEST(Stop, an_open_stream_does_not_hold_the_stop_up) {
  Daemon daemon(with_slow());
  Client client = daemon.client();
  ASSERT_TRUE(client.send(
      "GET /api/slow/stream HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("admin", daemon.password()) + "\r\n\r\n"));
  ASSERT_FALSE(client.read_some().empty());
  EXPECT_EQ(daemon.stop(), 0);
}

TEST(Stop, an_interrupt_from_the_keyboard_is_the_same) {
  Daemon daemon;
  daemon.process().signal(SIGINT);
  EXPECT_EQ(daemon.process().wait(), 0);
}

TEST(Stop, a_second_signal_changes_nothing) {
  Daemon daemon;
  daemon.process().signal(SIGTERM);
  daemon.process().signal(SIGTERM);
  daemon.process().signal(SIGHUP);
  EXPECT_EQ(daemon.process().wait(), 0);
}

TEST(Stop, the_unix_socket_is_removed_and_the_state_directory_is_free) {
  Daemon daemon;
  ASSERT_TRUE(std::filesystem::exists(daemon.unix_path()));
  ASSERT_EQ(daemon.stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(daemon.unix_path()));
  const Ended list = run_backplanectl(daemon.state_dir(), {"user", "list"});
  EXPECT_EQ(list.status, 0) << list.output;
  daemon.start();
  EXPECT_EQ(check(daemon, daemon.as_admin()), 200);
}

TEST(Stop, a_plugin_that_never_stops_is_named_and_what_was_stored_stays) {
  Daemon daemon(with_slow("{ stops: false }"));
  ASSERT_EQ(add_user(daemon, "eve", "viewer", "correct horse"), 201);
  EXPECT_EQ(daemon.stop(), 1);
  EXPECT_TRUE(daemon.process().wait_for_text("plugin slow: it has not stopped within")) << daemon.process().output();
  daemon.start();
  EXPECT_EQ(check(daemon, {{"Authorization", basic("eve", "correct horse")}}), 200);
}

TEST(Restart, sessions_and_users_go_on) {
  Daemon daemon;
  ASSERT_EQ(add_user(daemon, "eve", "viewer", "correct horse"), 201);
  const Headers admin = daemon.session();
  const Headers eve = session_of(daemon, "eve", "correct+horse");
  ASSERT_EQ(daemon.stop(), 0);
  daemon.start();
  EXPECT_EQ(check(daemon, admin), 200);
  EXPECT_EQ(check(daemon, eve), 200);
  EXPECT_EQ(daemon.client().get("/api/v1/users", eve).status, 403) << "the role too";
  EXPECT_EQ(daemon.client().get("/api/v1/users", admin).status, 200);
}

TEST(Restart, after_a_kill_the_daemon_starts_and_knows_what_it_answered) {
  Daemon daemon({.extra = "compat: { kvmd: { logout: session } }\n"});
  const Headers kept = daemon.session();
  for (int round = 0; round < 10; ++round) {
    const Headers revoked = daemon.session();
    ASSERT_EQ(daemon.client().request("POST", "/api/auth/logout", revoked).status, 200);
    const Headers young = daemon.session();
    const std::string user = "user" + std::to_string(round);
    ASSERT_EQ(add_user(daemon, user, "viewer", "correct horse"), 201);
    daemon.process().signal(SIGKILL);
    ASSERT_EQ(daemon.process().wait(), 128 + SIGKILL);
    daemon.start();
    ASSERT_EQ(check(daemon, revoked), 403) << "round " << round;
    ASSERT_EQ(check(daemon, kept), 200) << "round " << round;
    ASSERT_EQ(check(daemon, young), 200) << "round " << round;
    ASSERT_EQ(check(daemon, {{"Authorization", basic(user, "correct horse")}}), 200) << "round " << round;
    ASSERT_EQ(Client::unix_socket(daemon.unix_path()).get("/api/auth/check").status, 200) << "round " << round;
  }
}

}  // namespace
}  // namespace backplane::support
