#include "kvm-info/info.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "fake_tree.hpp"
#include "kvm-info/extras.hpp"
#include "kvm-info/system.hpp"

namespace backplane::kvm_info {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Selection selected(int version, std::optional<std::string_view> fields = std::nullopt,
                   std::optional<std::string_view> legacy = std::nullopt) {
  return *select_fields(version, fields, legacy);
}

// Every path of keys in the document, sorted; empty objects and all other values are leaves.
void collect_paths(const rapidjson::Value& value, const std::string& path, std::set<std::string>& out) {
  out.insert(path);
  if (!value.IsObject()) return;
  for (const auto& [name, member] : value.GetObject()) collect_paths(member, path + "/" + name.GetString(), out);
}

std::set<std::string> paths(const std::string& json) {
  rapidjson::Document document;
  document.Parse(json);
  EXPECT_FALSE(document.HasParseError()) << json;
  std::set<std::string> out;
  collect_paths(document, "", out);
  return out;
}

std::vector<std::string> keys(const Value& object) {
  std::vector<std::string> names;
  for (const auto& [name, member] : *object.object()) names.push_back(name);
  return names;
}

// The board of the document: no serial number, a Raspberry Pi's throttling word, five extras.
class OneCloud : public testing::Test {
 protected:
  OneCloud() {
    tree_.write("/proc/device-tree/model", "Xunlei OneCloud");
    tree_.write("/sys/class/thermal/thermal_zone0/temp", "57187\n");
    tree_.write("/sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
    tree_.write("/proc/uptime", "60.5 1\n");
    write_extra("ipmi", "daemon: kvmd-ipmi\nicon: i\nport: ipmi/server/port\n");
    write_extra("janus", "daemon: kvmd-janus\n");
    write_extra("janus-static", "daemon: kvmd-janus-static\n");
    write_extra("vnc", "daemon: kvmd-vnc\nicon: i\nport: vnc/server/port\n");
    write_extra("webterm", "daemon: kvmd-webterm\nicon: i\n");
  }

  void write_extra(const std::string& name, const std::string& more) {
    tree_.write("/extras/" + name + "/manifest.yaml", "name: n\ndescription: d\npath: p\nplace: 1\n" + more);
  }

  Info info(int api_version, const std::string& config = "{}") {
    Settings settings = parse_settings(config);
    settings.root_dir = tree_.root();
    Info info(settings, {api_version, true});
    info.set_extras(read_extras(tree_.path("/extras"), settings.ports).value);
    return info;
  }

  FakeTree tree_;
};

TEST_F(OneCloud, Version3HasExactlyTheKeysOfTheDocument) {
  const std::string document = read_start(PLUGIN_TEST_DATA "/info_version_3.json", 64 * 1024).value();
  EXPECT_EQ(paths(dialects::kvmd::answer(info(3).describe(selected(3)))), paths(document));
}

TEST_F(OneCloud, Version3SaysWhatTheDocumentSaysOfTheBoard) {
  const Value result = info(3).describe(selected(3));
  EXPECT_EQ(*result.find("hw")->find("platform"),
            Value(Value::Object{{"base", "Xunlei OneCloud"}, {"serial", nullptr}, {"type", "rpi"}}));
  EXPECT_EQ(*result.find("hw")->find("health")->find("temp"), Value(Value::Object{{"cpu", 57.187}}));
  EXPECT_EQ(*result.find("system")->find("kvmd")->find("version"), Value("3.291"));
  EXPECT_EQ(*result.find("system")->find("streamer")->find("version"), Value("6.12"));
  EXPECT_EQ(*result.find("meta")->find("server")->find("host"), Value(host_name()));
  EXPECT_EQ(*result.find("fan"), Value(Value::Object{{"monitored", false}, {"state", nullptr}}));
}

TEST_F(OneCloud, AnswersAreFormattedAsKvmdFormatsThem) {
  EXPECT_EQ(dialects::kvmd::answer(info(3, R"({"meta": {"kvm": {}, "server": {"host": "localhost.localdomain"}}})")
                                       .describe(selected(3, "auth, META"))),
            "{\n    \"ok\": true,\n    \"result\": {\n        \"auth\": {\n            \"enabled\": true\n        },\n"
            "        \"meta\": {\n            \"kvm\": {},\n            \"server\": {\n"
            "                \"host\": \"localhost.localdomain\"\n            }\n        }\n    }\n}");
}

TEST_F(OneCloud, Version4HasItsKeysInTheOldShape) {
  const Value result = info(4).describe(selected(4));
  EXPECT_THAT(keys(result), ElementsAre("auth", "extras", "fan", "hw", "meta", "node", "system", "uptime"));
  const Value& health = *result.find("hw")->find("health");
  EXPECT_THAT(keys(health), ElementsAre("cpu", "mem", "temp", "throttling"));
  EXPECT_THAT(keys(*health.find("cpu")), ElementsAre("percent"));
  EXPECT_THAT(keys(*health.find("mem")), ElementsAre("available", "percent", "total"));
  EXPECT_THAT(keys(*result.find("hw")->find("platform")),
              ElementsAre("base", "board", "model", "serial", "type", "video"));
  EXPECT_THAT(keys(*result.find("system")), ElementsAre("kernel", "kvmd", "streamer"));
  EXPECT_EQ(*result.find("system")->find("kvmd")->find("version"), Value("4.197"));
  EXPECT_EQ(*result.find("system")->find("streamer")->find("version"), Value("6.62"));
  EXPECT_THAT(keys(*result.find("system")->find("streamer")->find("features")),
              ElementsAre("WITH_GPIO", "WITH_JANUS", "WITH_PDEATHSIG", "WITH_PTHREAD_NP", "WITH_PYTHON",
                          "WITH_SETPROCTITLE", "WITH_SYSTEMD", "WITH_V4P"));
  EXPECT_EQ(*result.find("node"), Value(Value::Object{{"host", host_name()}}));
  EXPECT_EQ(*result.find("uptime")->find("parts")->find("minutes"), Value(1));
}

TEST_F(OneCloud, Version4WithoutLegacyPutsHealthAndPlatformApart) {
  const Value result = info(4).describe(selected(4, std::nullopt, "0"));
  EXPECT_THAT(keys(result), ElementsAre("auth", "extras", "fan", "health", "meta", "node", "system", "uptime"));
  EXPECT_THAT(keys(*result.find("system")), ElementsAre("kernel", "kvmd", "platform", "streamer"));
  EXPECT_THAT(keys(*result.find("health")), ElementsAre("cpu", "mem", "temp", "throttling"));
}

TEST_F(OneCloud, Version4SystemAloneCarriesThePlatform) {
  EXPECT_THAT(keys(*info(4).describe(selected(4, "system")).find("system")),
              ElementsAre("kernel", "kvmd", "platform", "streamer"));
  const Value both = info(4).describe(selected(4, "system,hw"));
  EXPECT_THAT(keys(both), ElementsAre("hw", "system"));
  EXPECT_THAT(keys(*both.find("system")), ElementsAre("kernel", "kvmd", "streamer"));
  EXPECT_THAT(keys(info(4).describe(selected(4, "hw,health"))), ElementsAre("hw"));
  EXPECT_THAT(keys(info(4).describe(selected(4, "health"))), ElementsAre("health"));
}

TEST_F(OneCloud, TheStreamersVersionMayBeConfigured) {
  const Value result = info(4, R"({"streamer_version": "6.40"})").describe(selected(4, "system"));
  EXPECT_EQ(*result.find("system")->find("streamer")->find("version"), Value("6.40"));
}

TEST_F(OneCloud, OnlyWhatTheConfigurationNamesCanBeMissing) {
  EXPECT_THAT(info(4).missing(), ElementsAre());
  EXPECT_THAT(info(4, R"({"meta_file": "/none/meta.yaml", "platform_file": "/none/platform"})").missing(),
              ElementsAre(HasSubstr("/none/meta.yaml"), HasSubstr("/none/platform")));
}

TEST(Info, AMachineThatTellsNothingStillAnswersWithEveryKey) {
  FakeTree tree;
  Settings settings = parse_settings("{}");
  settings.root_dir = tree.root();
  Info info(settings, {4, false});
  const Value result = info.describe(selected(4));
  EXPECT_THAT(keys(result), ElementsAre("auth", "extras", "fan", "hw", "meta", "node", "system", "uptime"));
  EXPECT_EQ(*result.find("auth")->find("enabled"), Value(false));
  EXPECT_EQ(*result.find("extras"), Value(Value::Object{}));
  EXPECT_TRUE(result.find("hw")->find("health")->find("throttling")->is_null());
  EXPECT_TRUE(result.find("hw")->find("health")->find("temp")->find("cpu")->is_null());
  EXPECT_TRUE(result.find("hw")->find("health")->find("cpu")->find("percent")->is_null());
  EXPECT_TRUE(info.missing().empty());
}

}  // namespace
}  // namespace backplane::kvm_info
