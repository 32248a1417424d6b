// backplanectl plugin against the real daemon, and the routes below it: what an operator does to one plugin, who may,
// and what its users see meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/types.h>

#include <cerrno>
#include <string>

#include "support/programs.hpp"

namespace backplane::support {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class PluginCommands : public ::testing::Test {
 protected:
  explicit PluginCommands(const std::string& plugins = "{ kvm-info: { isolation: process } }")
      : daemon_({.plugins = plugins}) {}

  Ended plugin(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "plugin");
    return run_backplanectl(daemon_.state_dir(), arguments);
  }
  int info_status() { return daemon_.client().get("/api/info", daemon_.as_admin()).status; }
  // Of kvm-info's process, as `plugin list --json` has it; 0 where it has none.
  pid_t pid() {
    const Ended list = plugin({"list", "--json"});
    simdjson::dom::parser parser;
    std::int64_t pid = 0;
    const auto first = parser.parse(list.output)["plugins"].at(0);
    EXPECT_EQ(std::string_view(first["instance"]), "kvm-info") << list.output;
    return first["pid"].get(pid) == simdjson::SUCCESS ? static_cast<pid_t>(pid) : 0;
  }

  Daemon daemon_;
};

TEST_F(PluginCommands, list_shows_where_and_how_a_plugin_runs) {
  const Ended list = plugin({"list"});
  EXPECT_EQ(list.status, 0);
  EXPECT_EQ(list.output, "INSTANCE  PLUGIN    VERSION  STATE    ISOLATION  PID" +
                             std::string(std::to_string(pid()).size() - 3, ' ') +
                             "  REASON\nkvm-info  kvm-info  1.0.0    running  process    " + std::to_string(pid()) +
                             "\n");
}

TEST_F(PluginCommands, restart_puts_another_process_in_its_place) {
  const pid_t before = pid();
  ASSERT_GT(before, 0);
  const Ended restart = plugin({"restart", "kvm-info"});
  EXPECT_EQ(restart.status, 0);
  const pid_t after = pid();
  EXPECT_NE(after, before);
  EXPECT_EQ(restart.output, "plugin 'kvm-info' is running in process " + std::to_string(after) + "\n");
  EXPECT_EQ(info_status(), 200);
}

TEST_F(PluginCommands, a_disabled_plugin_answers_503_until_it_is_enabled) {
  ASSERT_EQ(info_status(), 200);
  const pid_t before = pid();
  ASSERT_GT(before, 0);
  const Ended disable = plugin({"disable", "kvm-info"});
  EXPECT_EQ(disable.status, 0);
  EXPECT_THAT(disable.output, StartsWith("plugin 'kvm-info' is disabled: "));
  EXPECT_THAT(disable.output, HasSubstr("`backplanectl plugin enable kvm-info`"));
  EXPECT_EQ(info_status(), 503);
  EXPECT_EQ(pid(), 0);
  EXPECT_EQ(::kill(before, 0), -1);
  EXPECT_EQ(errno, ESRCH);
  EXPECT_TRUE(plugin({"list"}).says("disabled  process    -    an operator has disabled it"));

  const Ended enable = plugin({"enable", "kvm-info"});
  EXPECT_EQ(enable.status, 0);
  EXPECT_THAT(enable.output, StartsWith("plugin 'kvm-info' is running in process "));
  EXPECT_EQ(info_status(), 200);
}

TEST_F(PluginCommands, restart_starts_one_that_is_disabled) {
  ASSERT_EQ(plugin({"disable", "kvm-info"}).status, 0);
  EXPECT_EQ(plugin({"restart", "kvm-info"}).status, 0);
  EXPECT_EQ(info_status(), 200);
}

TEST_F(PluginCommands, that_a_plugin_was_stopped_or_started_is_audited_with_who_did_it) {
  for (const std::string order : {"restart", "disable", "enable"}) {
    ASSERT_EQ(plugin({order, "kvm-info"}).status, 0);
    EXPECT_TRUE(daemon_.process().wait_for_text("audit: plugin." + order + " user 'admin' from here: kvm-info"))
        << daemon_.process().output();
  }
}

TEST_F(PluginCommands, an_unknown_name_is_a_failure_that_repeats_it) {
  for (const char* order : {"restart", "disable", "enable"}) {
    const Ended ended = plugin({order, "video"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.output, "backplanectl: there is no plugin instance \"video\"\n");
  }
}

TEST_F(PluginCommands, what_is_no_name_is_not_sent) {
  for (const std::string name : {"../users", "kvm-info/../../users", "kvm info", "KVM", "%6bvm-info", ""}) {
    const Ended ended = plugin({"restart", name});
    EXPECT_EQ(ended.status, 1) << name;
    EXPECT_THAT(ended.output, HasSubstr("is no plugin instance's name")) << name;
  }
}

TEST_F(PluginCommands, without_a_daemon_they_say_what_to_do) {
  ASSERT_EQ(daemon_.stop(), 0);
  const std::vector<std::vector<std::string>> commands = {
      {"list"}, {"list", "--json"}, {"restart", "kvm-info"}, {"disable", "kvm-info"}, {"enable", "kvm-info"}};
  for (const auto& command : commands) {
    const Ended ended = plugin(command);
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, StartsWith("backplanectl: " + daemon_.state_dir() + ": no daemon runs"));
    EXPECT_THAT(ended.output, HasSubstr("start backplaned"));
  }
}

class PluginCommandsOnAThread : public PluginCommands {
 protected:
  PluginCommandsOnAThread() : PluginCommands("{ kvm-info: {}, no-such: {} }") {}
};

TEST_F(PluginCommandsOnAThread, restart_stops_and_starts_it) {
  const std::string runs = "plugin kvm-info 1.0.0 is running";
  const auto began_twice = [&runs](const std::string& log) {
    const std::size_t first = log.find(runs);
    return first != std::string::npos && log.find(runs, first + 1) != std::string::npos;
  };
  ASSERT_FALSE(began_twice(daemon_.process().output()));
  const Ended restart = plugin({"restart", "kvm-info"});
  EXPECT_EQ(restart.status, 0);
  EXPECT_EQ(restart.output, "plugin 'kvm-info' is running\n");
  EXPECT_TRUE(daemon_.process().wait_for_output(began_twice));
  EXPECT_EQ(info_status(), 200);
}

TEST_F(PluginCommandsOnAThread, disable_and_enable_work_as_for_a_process) {
  EXPECT_EQ(plugin({"disable", "kvm-info"}).status, 0);
  EXPECT_EQ(info_status(), 503);
  EXPECT_EQ(plugin({"enable", "kvm-info"}).status, 0);
  EXPECT_EQ(info_status(), 200);
}

TEST_F(PluginCommandsOnAThread, one_that_was_refused_is_listed_with_its_reason_and_cannot_be_started) {
  EXPECT_THAT(plugin({"list"}).output, HasSubstr("no-such   no-such   -        refused  thread"));
  const Ended enable = plugin({"enable", "no-such"});
  EXPECT_EQ(enable.status, 1);
  EXPECT_THAT(enable.output, StartsWith("backplanectl: the plugin was refused: "));
}

class PluginRoutes : public PluginCommands {
 protected:
  static std::string path(const std::string& order, const std::string& instance = "kvm-info") {
    return "/api/v1/plugins/" + instance + "/" + order;
  }
  Reply post(const std::string& path, const Headers& headers) {
    return daemon_.client().request("POST", path, headers);
  }
};

TEST_F(PluginRoutes, S15_only_an_admin_may) {
  const std::string password = "correct horse";
  ASSERT_EQ(add_user(daemon_, "vera", "viewer", password), 201);
  ASSERT_EQ(add_user(daemon_, "otto", "operator", password), 201);
  const pid_t before = pid();
  for (const char* order : {"restart", "disable", "enable"}) {
    EXPECT_EQ(post(path(order), {}).status, 401);
    for (const char* user : {"vera", "otto"}) {
      EXPECT_EQ(post(path(order), {{"Authorization", basic(user, password)}}).status, 403) << user;
    }
  }
  EXPECT_EQ(pid(), before) << "nothing was done";
  for (const char* order : {"restart", "disable", "enable"}) {
    EXPECT_EQ(post(path(order), daemon_.as_admin()).status, 200);
  }
}

TEST_F(PluginRoutes, the_answer_is_the_plugin_as_it_is_now) {
  const Reply reply = post(path("disable"), daemon_.as_admin());
  EXPECT_EQ(reply.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_THAT(reply.body, StartsWith(R"({"instance":"kvm-info","plugin":"kvm-info","state":"disabled","reason":")"));
}

TEST_F(PluginRoutes, an_unknown_instance_is_404_as_a_problem) {
  for (const char* order : {"restart", "disable", "enable"}) {
    const Reply reply = post(path(order, "video"), daemon_.as_admin());
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
    EXPECT_THAT(reply.body, HasSubstr(R"("detail":"there is no plugin instance \"video\"")"));
  }
  EXPECT_EQ(post(path("explode"), daemon_.as_admin()).status, 404);
}

TEST_F(PluginRoutes, another_method_is_405_and_does_nothing) {
  const pid_t before = pid();
  for (const char* order : {"restart", "disable", "enable"}) {
    for (const char* method : {"GET", "PUT", "DELETE"}) {
      const Reply reply = daemon_.client().request(method, path(order), daemon_.as_admin());
      EXPECT_EQ(reply.status, 405) << method;
      EXPECT_THAT(reply.header("Allow"), HasSubstr("POST"));
    }
  }
  EXPECT_EQ(pid(), before);
}

}  // namespace
}  // namespace backplane::support
