// The built plugin, driven through its C tables as a host drives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "fake_systemd.hpp"
#include "testing/loaded_instance.hpp"

namespace backplane::kvm_info {
namespace {

using test::FakeHost;
using test::LoadedInstance;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class KvmInfoPlugin : public testing::Test {
 protected:
  KvmInfoPlugin() { set_bus("unix:path=" + tree_.path("/no-bus")); }
  ~KvmInfoPlugin() override { ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); }

  static void set_bus(const std::string& address) { ::setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1); }

  // {"root_dir": the test's directory, more}
  std::string config(const std::string& more = "") const {
    return R"({"root_dir": ")" + tree_.root() + "\"" + (more.empty() ? "" : ", ") + more + "}";
  }
  std::string with_extras() const { return config(R"("extras_dir": ")" + tree_.path("/extras") + "\""); }

  void add_extra() const { tree_.write("/extras/vnc/manifest.yaml", "name: VNC\ndaemon: kvmd-vnc\n"); }

  // Does the work that waits, as the host's pool does, and says so to the plugin.
  void run_jobs(LoadedInstance& plugin) {
    for (const FakeHost::Job& job : host_.take_jobs()) {
      job.work(job.argument);
      plugin.blocking_done(job.cookie);
    }
  }

  test::Answer info(LoadedInstance& plugin, const test::Pairs& query = {}) {
    plugin.request(++last_op_, "info", {.query = query});
    plugin.end(last_op_);
    return host_.answers().back();
  }

  FakeTree tree_;
  FakeHost host_;
  bp_op last_op_ = 0;
};

TEST_F(KvmInfoPlugin, AnswersInfoAndLetsTheHostRepeatIt) {
  LoadedInstance plugin(PLUGIN_FILE, host_, config());
  ASSERT_FALSE(plugin.refused());
  plugin.start();
  ASSERT_EQ(host_.dones().size(), 1U);
  EXPECT_EQ(host_.dones()[0].status, BP_OK);
  const test::Answer answer = info(plugin);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(answer.fresh_ms, 1000);
  EXPECT_THAT(answer.text, StartsWith("{\n    \"ok\": true,\n    \"result\": {\n        \"auth\": {"));
  EXPECT_THAT(answer.text, HasSubstr("\"uptime\""));
  EXPECT_THAT(host_.log(), IsEmpty());
}

TEST_F(KvmInfoPlugin, FreshnessMayBeSwitchedOff) {
  LoadedInstance plugin(PLUGIN_FILE, host_, config("\"fresh_ms\": 0"));
  plugin.start();
  EXPECT_EQ(info(plugin).fresh_ms, 0);
}

TEST_F(KvmInfoPlugin, ParametersReachTheValidatorAndTheFirstOfTwoCounts) {
  LoadedInstance plugin(PLUGIN_FILE, host_, config());
  plugin.start();
  EXPECT_EQ(info(plugin, {{"fields", "auth"}, {"fields", "bogus"}}).text,
            "{\n    \"ok\": true,\n    \"result\": {\n        \"auth\": {\n            \"enabled\": true\n"
            "        }\n    }\n}");
  const test::Answer refusal = info(plugin, {{"fields", "bogus"}});
  EXPECT_EQ(refusal.call, "fail");
  EXPECT_EQ(refusal.status, 400);
  EXPECT_EQ(refusal.text, "Failed sub-validator on one of the item of ['bogus']");
  EXPECT_EQ(info(plugin, {{"legacy", "zz"}}).status, 400);
}

TEST_F(KvmInfoPlugin, ExportsMetricsForFiveSeconds) {
  tree_.write("/sys/class/thermal/thermal_zone0/temp", "57187\n");
  LoadedInstance plugin(PLUGIN_FILE, host_, config());
  plugin.start();
  plugin.request(1, "metrics");
  const test::Answer answer = host_.answers().back();
  EXPECT_EQ(answer.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(answer.fresh_ms, 5000);
  EXPECT_EQ(answer.text,
            "# TYPE pikvm_hw_temp_cpu gauge\npikvm_hw_temp_cpu 57.187\n\n"
            "# TYPE pikvm_fan_monitored gauge\npikvm_fan_monitored 0\n");
}

TEST_F(KvmInfoPlugin, ExtrasAreThereAtOnceAndTheirStateOnceSystemdHasAnswered) {
  const FakeSystemd systemd({{"kvmd-vnc.service", {"enabled", "active"}}});
  set_bus(systemd.address());
  add_extra();
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  EXPECT_THAT(info(plugin, {{"fields", "extras"}}).text, HasSubstr("\"started\": false"));
  run_jobs(plugin);
  EXPECT_THAT(info(plugin, {{"fields", "extras"}}).text, HasSubstr("\"started\": true"));
  EXPECT_THAT(host_.log(), IsEmpty());
}

TEST_F(KvmInfoPlugin, ASlowBusIsAskedOnceAtATimeAndDelaysNoAnswer) {
  add_extra();
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  ASSERT_EQ(host_.timers().size(), 1U);
  for (int i = 0; i < 3; ++i) plugin.timer(*host_.timers().begin());
  const std::vector<FakeHost::Job> jobs = host_.take_jobs();
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(info(plugin).status, 200);
  jobs[0].work(jobs[0].argument);
  plugin.blocking_done(jobs[0].cookie);
  plugin.timer(*host_.timers().begin());
  EXPECT_EQ(host_.take_jobs().size(), 1U);
}

TEST_F(KvmInfoPlugin, WithoutABusExtrasAreNotStartedAndThatIsSaidOnce) {
  add_extra();
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  run_jobs(plugin);
  plugin.timer(*host_.timers().begin());
  run_jobs(plugin);
  EXPECT_THAT(info(plugin, {{"fields", "extras"}}).text, HasSubstr("\"started\": false"));
  EXPECT_THAT(host_.log(), ElementsAre(HasSubstr("systemd cannot be asked over D-Bus")));
}

TEST_F(KvmInfoPlugin, SomethingConfiguredThatIsMissingIsNamedOnce) {
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  run_jobs(plugin);
  EXPECT_THAT(info(plugin, {{"fields", "extras"}}).text, HasSubstr("\"extras\": null"));
  EXPECT_THAT(host_.log(), ElementsAre(HasSubstr(tree_.path("/extras") + ": the directory of extras cannot be read")));
}

TEST_F(KvmInfoPlugin, ANewConfigurationIsTakenIntoUseAndABadOneIsNot) {
  add_extra();
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  const std::vector<FakeHost::Job> old_jobs = host_.take_jobs();
  ASSERT_EQ(old_jobs.size(), 1U);
  plugin.configure(config(R"("meta": {"a": 1})"), 7);
  plugin.configure(config(R"("meta": {}, "meta_file": "/m")"), 8);
  old_jobs[0].work(old_jobs[0].argument);
  plugin.blocking_done(old_jobs[0].cookie);  // for settings that are gone
  EXPECT_THAT(host_.timers(), IsEmpty());
  ASSERT_EQ(host_.dones().size(), 3U);
  EXPECT_EQ(host_.dones()[1].status, BP_OK);
  EXPECT_EQ(host_.dones()[2].status, BP_E_INVALID);
  EXPECT_THAT(host_.dones()[2].text, HasSubstr("config.meta and config.meta_file"));
  const std::string text = info(plugin, {{"fields", "meta,extras"}}).text;
  EXPECT_THAT(text, HasSubstr("\"extras\": {}"));
  EXPECT_THAT(text, HasSubstr("\"a\": 1"));
}

TEST_F(KvmInfoPlugin, StopsWithoutATimerLeft) {
  add_extra();
  LoadedInstance plugin(PLUGIN_FILE, host_, with_extras());
  plugin.start();
  run_jobs(plugin);
  plugin.stop();
  EXPECT_THAT(host_.timers(), IsEmpty());
  EXPECT_EQ(host_.dones().back().status, BP_OK);
}

TEST_F(KvmInfoPlugin, WithoutTheOptionalExtensionItServesAllTheSame) {
  FakeHost host({BP_EXT_HTTP, BP_EXT_LOOP, BP_EXT_HOST});
  LoadedInstance plugin(PLUGIN_FILE, host, with_extras());
  plugin.start();
  plugin.request(1, "info");
  EXPECT_EQ(host.answers().back().status, 200);
}

}  // namespace
}  // namespace backplane::kvm_info
