// The base table, backplane.health/1 and backplane.host/1: log, state, metrics, facts and the data folder.
#include <sys/stat.h>

#include "contract/probe_test.hpp"
#include "link/limits.hpp"
#include "plugin/status_routes.hpp"

namespace backplane::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Services : public ProbeTest {
 protected:
  // What the log got while `action` ran, and until the host has heard all of it.
  template <class Action>
  std::string logged(Action action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
  }
  static std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Links, Services, testing::ValuesIn(link_kinds()), kind_name);

TEST_P(Services, AnExtensionThatTheManifestDoesNotNameIsAbsent) {
  EXPECT_THAT(journal_of("extension:backplane.http,extension:backplane.input"),
              ElementsAre("extension there", "extension absent"));
}

TEST_P(Services, AnAnswerToNoOpenQuestionIsInvalid) {
  EXPECT_THAT(journal_of("done:1,done:99"), ElementsAre("done INVALID", "done INVALID"));
}

TEST_P(Services, LogLinesAreCutAndNamedForTheInstance) {
  const std::string text = logged([this] { journal_of("log_long"); });
  EXPECT_THAT(text, HasSubstr("[probe] LLLL"));
  EXPECT_EQ(count(text, "L"), link::limits::kLogTextBytesMax);
}

TEST_P(Services, LogLinesOverTheRateAreDroppedAndCounted) {
  const std::string text = logged([this] {
    journal_of("log:80");
    host->clock.advance_ms(1000);
    journal_of("log:1");
  });
  EXPECT_EQ(count(text, "[probe] probe line"), link::limits::kLogLinesPerSecondMax + 1);
  EXPECT_THAT(text, HasSubstr("30 log lines were dropped"));
}

TEST_P(Services, TheStateThatThePluginSetsIsShownWithItsText) {
  EXPECT_THAT(journal_of("state:1:no camera,state:7:x"), ElementsAre("state OK", "state INVALID"));
  EXPECT_EQ(host->instance("probe").state(), plugin::State::kDegraded);
  EXPECT_EQ(host->instance("probe").reason(), "no camera");
  EXPECT_EQ(host->ask({.path = "/do", .query = "respond:200"})->status(), 200);
  EXPECT_THAT(plugin::health_json(*host->supervisor, {}), HasSubstr("\"state\":\"degraded\""));
  journal_of("state:0:");
  EXPECT_EQ(host->instance("probe").state(), plugin::State::kRunning);
}

TEST_P(Services, MetricsAreCheckedBoundedAndExported) {
  EXPECT_THAT(journal_of("metric:temp:20,metric:temp:21,metric:Temp:1,metric:1x:1,metric_label,metric_kind"),
              ElementsAre("metric OK", "metric OK", "metric INVALID", "metric INVALID", "metric_label INVALID",
                          "metric_kind INVALID"));
  const std::string text = plugin::metrics_text(*host->supervisor, {{"connections", "", false, 3}});
  EXPECT_THAT(text, HasSubstr("# TYPE backplane_plugin_temp gauge\n"
                              "backplane_plugin_temp{instance=\"probe\",zone=\"a\\\"b\\n\"} 21\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE backplane_connections gauge\nbackplane_connections 3\n"));
  EXPECT_THAT(text, HasSubstr("backplane_instance_up{instance=\"probe\"} 1\n"));
  EXPECT_THAT(journal_of("metrics"),
              ElementsAre("metrics " + std::to_string(link::limits::kMetricsPerPluginMax - 1) + " LIMIT"));
}

TEST_P(Services, FactsAreCopiedAndCutToFit) {
  EXPECT_THAT(
      journal_of("info:version,info:device_name,info:instance,info:password,info_cut"),
      ElementsAre("info 0.1.0 OK", "info bench OK", "info probe OK", "info  UNSUPPORTED", "info_cut 0. of 5 LIMIT"));
}

TEST_P(Services, TheDataFolderIsMadeForTheInstanceAlone) {
  const std::string folder = (host->data_dir / "plugins" / "probe").string();
  // A process cannot make it, so there it is made before the start.
  EXPECT_EQ(std::filesystem::exists(folder), host->in_process());
  EXPECT_THAT(journal_of("data_dir"), ElementsAre("data_dir " + folder + " OK"));
  struct stat info {};
  ASSERT_EQ(::stat(folder.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
}

TEST_P(Services, ADataFolderThatCannotBeMadeIsAnErrorThatTheLogExplains) {
  if (host->in_process()) GTEST_SKIP() << "it is made before the start: see Process";
  std::filesystem::create_directories(host->data_dir);
  std::fclose(std::fopen((host->data_dir / "plugins").c_str(), "w"));
  const std::string text = logged([this] { EXPECT_THAT(journal_of("data_dir"), ElementsAre("data_dir  IO")); });
  EXPECT_THAT(text, HasSubstr((host->data_dir / "plugins" / "probe").string()));
}

}  // namespace
}  // namespace backplane::contract
