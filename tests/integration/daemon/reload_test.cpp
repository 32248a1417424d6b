// SIGHUP: a good new file takes effect in the running daemon, a bad one changes nothing and says why.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

const char kReloaded[] = "the configuration was reloaded";
const char kNotReloaded[] = "the configuration was not reloaded; the present one stays in force";

class Reload : public ::testing::Test {
 protected:
  static Daemon::Options options() {
    return {.plugins =
                "{ kvm-info: { config: { fresh_ms: 0, meta: { place: bench } } }, "
                "slow: { isolation: thread, config: { word: first } } }",
            .plugin_dir = all_plugin_dirs()};
  }
  void write(const std::string& what, const std::string& with) {
    config_ = replaced(config_, what, with);
    daemon_.directory().write("backplane.yaml", config_);
  }
  std::string meta() { return daemon_.client().get("/api/info?fields=meta", daemon_.as_admin()).body; }
  std::string word() { return daemon_.client().get("/api/slow/word", daemon_.as_admin()).body; }
  bool log_has(const std::string& text) { return daemon_.process().output().find(text) != std::string::npos; }

  Daemon daemon_{options()};
  std::string config_ = read_file(daemon_.config_file());
};

TEST_F(Reload, a_bad_file_changes_nothing_and_says_why) {
  write("place: bench", "place: cellar");
  write("plugins:", "lag: {}\nplugins:");
  ASSERT_TRUE(reload(daemon_, kNotReloaded)) << daemon_.process().output();
  EXPECT_TRUE(log_has(daemon_.config_file() + ":")) << daemon_.process().output();
  EXPECT_TRUE(log_has("did you mean \"log\"?")) << daemon_.process().output();
  EXPECT_NE(meta().find("bench"), std::string::npos);
}

TEST_F(Reload, a_file_that_is_gone_changes_nothing) {
  std::filesystem::remove(daemon_.config_file());
  ASSERT_TRUE(reload(daemon_, kNotReloaded)) << daemon_.process().output();
  EXPECT_NE(meta().find("bench"), std::string::npos);
}

TEST_F(Reload, an_unknown_system_user_among_the_peers_changes_nothing) {
  write("place: bench", "place: cellar");
  write("root: admin", "no-such-user-here: admin");
  ASSERT_TRUE(reload(daemon_, kNotReloaded)) << daemon_.process().output();
  EXPECT_NE(meta().find("bench"), std::string::npos);
}

TEST_F(Reload, a_plugin_gets_its_new_configuration) {
  ASSERT_NE(meta().find("bench"), std::string::npos);
  write("place: bench", "place: cellar");
  write("word: first", "word: second");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_NE(meta().find("cellar"), std::string::npos);
  EXPECT_EQ(word(), "second");
}

TEST_F(Reload, a_plugin_that_refuses_keeps_its_old_configuration_and_the_log_says_why) {
  write("place: bench", "place: cellar");
  write("word: first", "word: wrong");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_TRUE(log_has("that word is taken")) << daemon_.process().output();
  EXPECT_EQ(word(), "first");
  EXPECT_NE(meta().find("cellar"), std::string::npos) << "the other plugin is reloaded all the same";
}

TEST_F(Reload, a_plugin_that_needs_a_restart_is_named) {
  write("word: first", "word: restart");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_TRUE(log_has("slow: the new configuration needs a restart")) << daemon_.process().output();
  EXPECT_EQ(word(), "first");
}

TEST_F(Reload, a_plugin_with_a_bad_new_configuration_keeps_the_old_one) {
  write("word: first", "word: 5");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_TRUE(log_has("/word: ") || log_has("word")) << daemon_.process().output();
  EXPECT_EQ(word(), "first");
}

TEST_F(Reload, new_and_removed_plugins_need_a_restart_and_the_log_says_so) {
  write("slow: {", "slow-2: { plugin: slow, mount: /two, isolation: thread }, slow-3: {");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_TRUE(log_has("slow-2: the plugin is new; it needs a restart of the daemon")) << daemon_.process().output();
  EXPECT_TRUE(log_has("slow: ")) << daemon_.process().output();
  EXPECT_EQ(word(), "first");
}

TEST_F(Reload, the_access_log_can_be_turned_off_and_on) {
  Client client = daemon_.client();
  client.get("/api/auth/check?first", daemon_.as_admin());
  ASSERT_TRUE(daemon_.process().wait_for_text("GET /api/auth/check "));
  write("plugins:", "log: { access: off }\nplugins:");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(client.get("/login", {}).status, 200);
  write("access: off", "access: on");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(client.get("/login/login.css", {}).status, 200);
  ASSERT_TRUE(daemon_.process().wait_for_text("GET /login/login.css "));
  EXPECT_FALSE(log_has("GET /login ")) << daemon_.process().output();
}

TEST_F(Reload, a_scope_that_a_role_loses_is_gone_from_an_existing_session) {
  ASSERT_EQ(add_user(daemon_, "eve", "viewer", "correct horse"), 201);
  const Headers session = session_of(daemon_, "eve", "correct+horse");
  ASSERT_EQ(daemon_.client().get("/api/info", session).status, 200);
  daemon_.directory().write("roles.yaml",
                            "roles:\n  admin: { scopes: [\"*\"] }\n  operator: { scopes: [kvm.info.read] }\n"
                            "  viewer: { scopes: [sessions.own] }\n");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(daemon_.client().get("/api/info", session).status, 403);
  EXPECT_EQ(check(daemon_, session), 200) << "the session itself goes on";
  std::filesystem::remove(daemon_.directory().path() + "/roles.yaml");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(daemon_.client().get("/api/info", session).status, 200);
}

TEST_F(Reload, S13_what_was_opened_under_a_lost_scope_ends_and_the_rest_goes_on) {
  ASSERT_EQ(add_user(daemon_, "eve", "viewer", "correct horse"), 201);
  Client viewer = daemon_.client();
  viewer.send("GET /api/slow/stream HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("eve", "correct horse") +
              "\r\n\r\n");
  Client admin = daemon_.client();
  admin.send("GET /api/slow/stream HTTP/1.1\r\nHost: a\r\nAuthorization: " + basic("admin", daemon_.password()) +
             "\r\n\r\n");
  for (Client* client : {&viewer, &admin}) {
    std::string seen;
    while (seen.find("open") == std::string::npos) {
      const std::string more = client->read_some();
      ASSERT_FALSE(more.empty()) << seen;
      seen += more;
    }
  }
  daemon_.directory().write("roles.yaml",
                            "roles:\n  admin: { scopes: [\"*\"] }\n  viewer: { scopes: [sessions.own] }\n"
                            "  waiter: { scopes: [slow.use] }\n");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_TRUE(viewer.ended());
  const std::string plugins = daemon_.client().get("/api/v1/plugins", daemon_.as_admin()).body;
  EXPECT_NE(plugins.find(R"("streams":1)"), std::string::npos) << plugins;
}

TEST_F(Reload, a_certificate_replaced_on_disk_is_served_to_new_connections_and_old_ones_go_on) {
  const Daemon other;
  Client old = daemon_.client();
  const std::string old_certificate = old.peer_certificate();
  for (const char* file : {"key.pem", "cert.pem"}) {
    daemon_.directory().write(std::string("state/") + file, read_file(other.state_dir() + "/" + file));
  }
  ASSERT_EQ(daemon_.client().peer_certificate(), old_certificate) << "not before the signal";
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(old.get("/api/auth/check", daemon_.as_admin()).status, 200);
  EXPECT_NE(daemon_.client().peer_certificate(), old_certificate);
  EXPECT_EQ(daemon_.client().peer_certificate(), other.client().peer_certificate());
}

TEST_F(Reload, a_bad_certificate_on_disk_is_named_and_the_old_one_stays) {
  const std::string old_certificate = daemon_.client().peer_certificate();
  daemon_.directory().write("state/cert.pem", "no certificate");
  ASSERT_TRUE(reload(daemon_, daemon_.state_dir() + "/cert.pem")) << daemon_.process().output();
  EXPECT_EQ(daemon_.client().peer_certificate(), old_certificate);
}

TEST_F(Reload, a_change_of_listen_needs_a_restart_and_the_log_says_so_each_time) {
  const std::string said = "listen: the change takes effect at the next start";
  write("port: " + std::to_string(daemon_.plain_port()), "port: " + std::to_string(free_port()));
  ASSERT_TRUE(reload(daemon_, said)) << daemon_.process().output();
  ASSERT_TRUE(reload(daemon_, said)) << daemon_.process().output();
  EXPECT_EQ(Client::tcp(daemon_.plain_port()).get("/api/auth/check", daemon_.as_admin()).status, 200);
}

TEST_F(Reload, the_throttle_can_be_turned_off_and_other_addresses_believed) {
  write("plugins:", "trusted_proxies: [127.0.0.1]\nplugins:");
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  daemon_.client().get("/login", {{"X-Forwarded-For", "198.51.100.7"}});
  EXPECT_TRUE(daemon_.process().wait_for_text("[- / 198.51.100.7] 'GET /login ")) << daemon_.process().output();
}

TEST_F(Reload, many_signals_at_once_leave_a_daemon_that_answers) {
  for (int i = 0; i < 50; ++i) daemon_.process().signal(SIGHUP);
  ASSERT_TRUE(reload(daemon_, kReloaded)) << daemon_.process().output();
  EXPECT_EQ(check(daemon_, daemon_.as_admin()), 200);
}

}  // namespace
}  // namespace backplane::support
