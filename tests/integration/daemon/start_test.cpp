// What the daemon says, and how it ends, where it cannot start: the place, the reason, the remedy.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

class Start : public ::testing::Test {
 protected:
  std::string state_dir() const { return directory_.path() + "/state"; }
  // A configuration with these `listen` entries.
  std::string listening(const std::string& entries, const std::string& more = {}) const {
    return directory_.write("backplane.yaml", "listen:\n" + entries + more);
  }
  static std::string plain(std::uint16_t port) {
    return "  - { address: 127.0.0.1, port: " + std::to_string(port) + ", tls: false }\n";
  }
  Ended start(const std::string& config) const {
    return run_backplaned({"--config", config, "--state-dir", state_dir()});
  }
  Ended check(const std::string& config) const { return run_backplaned({"--config", config, "--check"}); }

  const TemporaryDirectory directory_;
};

TEST_F(Start, a_missing_configuration_is_named_with_a_remedy) {
  const std::string file = directory_.path() + "/none.yaml";
  const Ended ended = start(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file)) << ended.output;
  EXPECT_TRUE(ended.says("--config FILE")) << ended.output;
  EXPECT_FALSE(std::filesystem::exists(state_dir()));
}

TEST_F(Start, broken_yaml_is_reported_with_line_and_column) {
  const std::string file = directory_.write("backplane.yaml", "listen:\n  - { address: 127.0.0.1, port: [ }\n");
  const Ended ended = start(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":2:")) << ended.output;
}

TEST_F(Start, an_unknown_key_is_reported_with_its_place_and_a_suggestion) {
  const std::string file = listening(plain(free_port()), "auth:\n  throtle: on\n");
  const Ended ended = start(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":4:3: ")) << ended.output;
  EXPECT_TRUE(ended.says("did you mean \"throttle\"?")) << ended.output;
}

TEST_F(Start, all_mistakes_are_reported_at_once) {
  const std::string file = listening("  - { address: nowhere, port: 99999 }\n", "log: { level: loud }\n");
  const Ended ended = start(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":2:")) << ended.output;
  EXPECT_TRUE(ended.says(file + ":3:")) << ended.output;
  EXPECT_TRUE(ended.says("loud")) << ended.output;
}

TEST_F(Start, a_port_in_use_is_named_with_a_remedy) {
  const Daemon other;
  const Ended ended = start(listening(plain(other.plain_port())));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says("127.0.0.1:" + std::to_string(other.plain_port()))) << ended.output;
  EXPECT_TRUE(ended.says("stop it or choose another port")) << ended.output;
}

TEST_F(Start, an_unreadable_certificate_is_named) {
  const Ended ended = start(listening("  - { address: 127.0.0.1, port: " + std::to_string(free_port()) +
                                      ", tls: { certificate: none-cert.pem, private_key: none-key.pem } }\n"));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(state_dir() + "/none-cert.pem")) << ended.output;
  EXPECT_TRUE(ended.says("No such file") || ended.says("no such file")) << ended.output;
  EXPECT_FALSE(ended.says("admin password")) << "nothing is served: " << ended.output;
}

TEST_F(Start, a_certificate_and_the_key_of_another_are_refused) {
  const Daemon one;
  const Daemon two;
  const Ended ended = start(listening("  - { address: 127.0.0.1, port: " + std::to_string(free_port()) +
                                      ", tls: { certificate: " + one.state_dir() +
                                      "/cert.pem, private_key: " + two.state_dir() + "/key.pem } }\n"));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(one.state_dir() + "/cert.pem")) << ended.output;
  EXPECT_TRUE(ended.says(two.state_dir() + "/key.pem")) << ended.output;
}

TEST_F(Start, a_file_in_place_of_the_state_directory_is_named_and_left_alone) {
  directory_.write("state", "mine");
  const Ended ended = start(listening(plain(free_port())));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(state_dir())) << ended.output;
  EXPECT_EQ(read_file(state_dir()), "mine");
}

TEST_F(Start, a_state_directory_that_cannot_be_made_is_named) {
  directory_.write("file", "mine");
  const std::string below = directory_.path() + "/file/state";
  const Ended ended = run_backplaned({"--config", listening(plain(free_port())), "--state-dir", below});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(below)) << ended.output;
}

TEST_F(Start, a_state_directory_of_somebody_else_is_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to act as somebody else";
  std::filesystem::create_directory(state_dir());
  std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
  const std::string config = listening(plain(free_port()));
  const Ended ended = run_program({"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", BACKPLANED,
                                   "--config", config, "--state-dir", state_dir()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(state_dir())) << ended.output;
  EXPECT_TRUE(ended.says("check its owner and mode")) << ended.output;
}

TEST_F(Start, a_damaged_database_is_named_and_its_bytes_stay) {
  std::string bytes;
  for (int i = 0; i < 9000; ++i) bytes += static_cast<char>('a' + i % 26);
  const std::string file = directory_.write("state/backplane.db", bytes);
  const Ended ended = start(listening(plain(free_port())));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file)) << ended.output;
  EXPECT_TRUE(ended.says("damaged")) << ended.output;
  EXPECT_TRUE(ended.says("restore it from a backup")) << ended.output;
  EXPECT_FALSE(ended.says("admin password")) << ended.output;
  EXPECT_EQ(read_file(file), bytes);
}

TEST_F(Start, a_database_that_was_damaged_in_use_is_named_and_its_bytes_stay) {
  Daemon daemon;
  ASSERT_EQ(daemon.stop(), 0);
  const std::string file = daemon.state_dir() + "/backplane.db";
  std::string bytes = read_file(file);
  ASSERT_GT(bytes.size(), 8192u);
  for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = '\x5a';  // the header and the schema are whole
  daemon.directory().write("state/backplane.db", bytes);
  const Ended ended = run_backplaned({"--config", daemon.config_file(), "--state-dir", daemon.state_dir()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file)) << ended.output;
  EXPECT_TRUE(ended.says("damaged")) << ended.output;
  EXPECT_FALSE(ended.says("admin password")) << ended.output;
  EXPECT_EQ(read_file(file), bytes);
}

TEST_F(Start, a_second_daemon_on_the_state_directory_names_the_first) {
  Daemon first;
  const std::string config = listening(plain(free_port()));
  const Ended ended = run_backplaned({"--config", config, "--state-dir", first.state_dir()});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(first.state_dir())) << ended.output;
  EXPECT_TRUE(ended.says("process " + std::to_string(first.process().pid()))) << ended.output;
  EXPECT_EQ(support::check(first, first.as_admin()), 200);
}

TEST_F(Start, an_unknown_system_user_among_the_peers_is_named_with_its_place) {
  const std::string file = listening("  - { unix: a.sock, peers: { no-such-user-here: admin } }\n");
  const Ended ended = start(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":2:")) << ended.output;
  EXPECT_TRUE(ended.says("no-such-user-here")) << ended.output;
  EXPECT_FALSE(ended.says("admin password")) << ended.output;
}

TEST_F(Start, wrong_arguments_are_a_usage_error) {
  EXPECT_EQ(run_backplaned({"--no-such-option"}).status, 2);
  EXPECT_EQ(run_backplaned({"--config"}).status, 2);
  EXPECT_EQ(run_backplaned({"stray"}).status, 2);
}

TEST_F(Start, the_version_and_the_help_are_no_errors) {
  const Ended version = run_backplaned({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_EQ(version.output, std::string(BACKPLANE_VERSION) + "\n");
  const Ended help = run_backplaned({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_TRUE(help.says("--state-dir")) << help.output;
}

TEST_F(Start, check_finds_nothing_wrong_with_a_good_configuration_and_starts_nothing) {
  const std::string file = listening(plain(free_port()), "plugin_dirs: [" BACKPLANE_PLUGIN_DIR
                                                         "]\n"
                                                         "plugins: { kvm-info: { config: { fresh_ms: 5 } } }\n");
  const Ended ended = run_backplaned({"--config", file, "--state-dir", state_dir(), "--check"});
  EXPECT_EQ(ended.status, 0) << ended.output;
  EXPECT_TRUE(ended.says("no mistakes found")) << ended.output;
  EXPECT_FALSE(std::filesystem::exists(state_dir()));
}

TEST_F(Start, check_reports_a_mistake_of_the_configuration) {
  const std::string file = listening(plain(free_port()), "lag: {}\n");
  const Ended ended = check(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":3:1: ")) << ended.output;
}

TEST_F(Start, check_reports_every_mistake_of_every_plugin_with_its_place) {
  const std::string file = listening(plain(free_port()), "plugin_dirs: [" BACKPLANE_PLUGIN_DIR
                                                         "]\n"
                                                         "plugins:\n"
                                                         "  kvm-info:\n"
                                                         "    config:\n"
                                                         "      fresh_ms: soon\n"
                                                         "      no_such_key: 1\n"
                                                         "  no-such-plugin: {}\n");
  const Ended ended = check(file);
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says(file + ":7:")) << ended.output;
  EXPECT_TRUE(ended.says(file + ":8:")) << ended.output;
  EXPECT_TRUE(ended.says(file + ":9:3: ")) << ended.output;
  EXPECT_TRUE(ended.says("no-such-plugin.json")) << ended.output;
}

TEST_F(Start, check_reports_a_plugin_with_a_route_of_the_hosts_own) {
  const std::filesystem::path slow = INTEGRATION_PLUGIN_DIR "/slow";
  std::ostringstream manifest;
  manifest << std::ifstream(slow.string() + ".json").rdbuf();
  std::string text = manifest.str();
  const std::string path = "\"/api/slow\"";
  text.replace(text.find(path), path.size(), "\"/api/auth/check\"");
  directory_.write("plugins/slow.json", text);
  std::filesystem::copy(slow.string() + ".so", directory_.path() + "/plugins/slow.so");
  const Ended ended = check(listening(plain(free_port()), "plugin_dirs: [" + directory_.path() +
                                                              "/plugins]\n"
                                                              "plugins: { slow: { isolation: thread } }\n"));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says("/api/auth/check")) << ended.output;
  EXPECT_TRUE(ended.says("host")) << ended.output;
}

TEST_F(Start, check_reports_an_unknown_system_user_among_the_peers) {
  const Ended ended = check(listening("  - { unix: a.sock, peers: { no-such-user-here: admin } }\n"));
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(ended.says("no-such-user-here")) << ended.output;
}

}  // namespace
}  // namespace backplane::support
