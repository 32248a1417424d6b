// A plugin that cannot run is refused alone: the daemon serves, says why, and its neighbours answer.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

class RefusedPlugins : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    daemon_ = std::make_unique<Daemon>(Daemon::Options{
        .plugins = "{ kvm-info: {}, no-such: {}, wrong-abi: { isolation: thread }, slow: {}, calls-home: {}, "
                   "badly-configured: { plugin: kvm-info, mount: /second, config: { fresh_ms: soon } }, "
                   "in-a-process: { plugin: kvm-info, mount: /third, isolation: process }, "
                   "same-routes: { plugin: kvm-info } }",
        .plugin_dir = all_plugin_dirs()});
  }
  static void TearDownTestSuite() { daemon_.reset(); }

  // What /api/v1/health says of that instance.
  static std::string health_of(const std::string& instance) {
    const std::string body = daemon_->client().get("/api/v1/health", daemon_->as_admin()).body;
    return object_of(body, instance);
  }
  static std::string object_of(const std::string& body, const std::string& instance) {
    const std::size_t at = body.find("{\"instance\":\"" + instance + "\"");
    if (at == std::string::npos) return "not there: " + body;
    return body.substr(at, body.find('}', at) - at);
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

  static std::unique_ptr<Daemon> daemon_;
};

std::unique_ptr<Daemon> RefusedPlugins::daemon_;

TEST_F(RefusedPlugins, the_other_plugin_answers) {
  EXPECT_EQ(daemon_->client().get("/api/info", daemon_->as_admin()).status, 200);
}

TEST_F(RefusedPlugins, health_is_degraded_and_the_other_plugin_runs) {
  const Reply health = daemon_->client().get("/api/v1/health", daemon_->as_admin());
  EXPECT_TRUE(has(health.body, R"({"state":"degraded")")) << health.body;
  EXPECT_TRUE(has(health_of("kvm-info"), R"("state":"running")")) << health.body;
}

TEST_F(RefusedPlugins, an_unknown_plugin_is_refused_with_the_folders_that_were_searched) {
  const std::string said = health_of("no-such");
  EXPECT_TRUE(has(said, R"("state":"refused")")) << said;
  EXPECT_TRUE(has(said, "no-such.json")) << said;
  EXPECT_TRUE(has(said, INTEGRATION_PLUGIN_DIR)) << said;
}

TEST_F(RefusedPlugins, a_plugin_for_another_abi_is_refused_with_both_versions) {
  const std::string said = health_of("wrong-abi");
  EXPECT_TRUE(has(said, R"("state":"refused")")) << said;
  EXPECT_TRUE(has(said, "ABI 99.0")) << said;
  EXPECT_TRUE(has(said, "rebuild the plugin")) << said;
}

TEST_F(RefusedPlugins, a_plugin_from_outside_the_first_folder_runs_in_a_process_of_its_own) {
  EXPECT_TRUE(has(health_of("slow"), R"("state":"running")"));
  const std::string body = daemon_->client().get("/api/v1/plugins", daemon_->as_admin()).body;
  EXPECT_TRUE(has(object_of(body, "slow"), R"("isolation":"process","pid":)")) << body;
}

TEST_F(RefusedPlugins, a_plugin_without_what_it_needs_is_refused_with_the_grant_to_write) {
  const std::string said = health_of("calls-home");
  EXPECT_TRUE(has(said, R"("state":"refused")")) << said;
  EXPECT_TRUE(has(said, "the plugin asks for the path " PEER_SOCKET)) << said;
  EXPECT_TRUE(has(said, "grants: { paths: [" PEER_SOCKET)) << said;
}

TEST_F(RefusedPlugins, a_bad_configuration_is_refused_with_its_place) {
  const std::string said = health_of("badly-configured");
  EXPECT_TRUE(has(said, R"("state":"refused")")) << said;
  EXPECT_TRUE(has(said, "backplane.yaml:")) << said;
  EXPECT_TRUE(has(said, "fresh_ms")) << said;
}

TEST_F(RefusedPlugins, one_of_the_hosts_own_that_is_to_have_a_process_runs_in_one) {
  EXPECT_TRUE(has(health_of("in-a-process"), R"("state":"running")"));
  EXPECT_EQ(daemon_->client().get("/third/api/info", daemon_->as_admin()).status, 200);
}

TEST_F(RefusedPlugins, an_instance_with_the_routes_of_another_is_refused_and_names_it) {
  const std::string said = health_of("same-routes");
  EXPECT_TRUE(has(said, R"("state":"refused")")) << said;
  EXPECT_TRUE(has(said, "/api/info")) << said;
  EXPECT_TRUE(has(said, "kvm-info")) << said;
}

TEST_F(RefusedPlugins, the_list_of_plugins_says_the_same_as_health) {
  const std::string body = daemon_->client().get("/api/v1/plugins", daemon_->as_admin()).body;
  for (const char* refused : {"no-such", "wrong-abi", "calls-home", "badly-configured", "same-routes"}) {
    EXPECT_TRUE(has(object_of(body, refused), R"("state":"refused")")) << body;
  }
  EXPECT_TRUE(has(object_of(body, "kvm-info"), R"("state":"running")")) << body;
}

TEST_F(RefusedPlugins, the_log_names_each) {
  const std::string log = daemon_->process().output();
  for (const char* refused : {"no-such", "wrong-abi", "calls-home", "badly-configured", "same-routes"}) {
    EXPECT_TRUE(has(log, "plugin " + std::string(refused) + " is refused: ")) << log;
  }
}

TEST_F(RefusedPlugins, a_route_of_a_refused_plugin_is_no_promise) {
  const int status = daemon_->client().get("/api/calls-home", daemon_->as_admin()).status;
  EXPECT_TRUE(status == 404 || status == 503) << status;
}

TEST(PluginsThatAreAllWell, health_says_running_without_notes) {
  const Daemon daemon({.plugins = "{ kvm-info: {}, slow: {} }", .plugin_dir = all_plugin_dirs()});
  const Reply health = daemon.client().get("/api/v1/health", daemon.as_admin());
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body.find(R"({"state":"running")"), 0u) << health.body;
  EXPECT_NE(health.body.find(R"("notes":[])"), std::string::npos) << health.body;
  EXPECT_EQ(daemon.client().get("/api/slow/word", daemon.as_admin()).body, "first");
}

}  // namespace
}  // namespace backplane::support
