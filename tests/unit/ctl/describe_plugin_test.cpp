// backplanectl plugin describe, on the manifests of this tree and on ones that are wrong.
#include <filesystem>

#include "config/json/schema.hpp"
#include "ctl/config_keys.hpp"
#include "unit/ctl/ctl_fixture.hpp"

namespace backplane::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DescribePluginTest : public CtlFixture {
 protected:
  static Outcome describe(const std::string& file) { return run_plain({"plugin", "describe", file}); }
  // A manifest with these members besides the necessary ones.
  std::string manifest(const std::string& members) const {
    return write("lamp.json", R"({"id":"lamp","version":"1.2.0","abi":"0.1",)" + members + "}");
  }
};

TEST_F(DescribePluginTest, TheExampleInFull) {
  const Outcome outcome = describe(SOURCE_DIR "/plugin-api/example/hello.json");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, R"(id                 hello
version            1.0.0
vendor             Example
license            MIT
description        Says hello: the smallest plugin.
abi                0.1
extensions needed  backplane.http/1

Routes:
  METHOD  PATH        SCOPE       KIND  STYLE    BODY
  GET     /api/hello  hello.read  http  problem  none

Scopes:
  SCOPE       DEFAULT ROLE  ALLOWS TO
  hello.read  viewer        Be greeted

Asks for:
  nothing

YAML that grants exactly that:
plugins:
  hello:
    isolation: process

Config:
  KEY       TYPE    DEFAULT  DESCRIPTION
  greeting  string  "Hello"  The word before the name
)");
}

TEST_F(DescribePluginTest, ThePathsOfKvmInfoAndTheYamlThatGrantsThem) {
  const Outcome outcome = describe(SOURCE_DIR "/plugins/kvm-info/kvm-info.json");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("  path  /run/dbus/system_bus_socket  read, optional\n"));
  EXPECT_THAT(outcome.output, HasSubstr("plugins:\n  kvm-info:\n    isolation: process\n"
                                        "    grants: { paths: [/proc, /sys, /run/dbus/system_bus_socket] }\n"));
  EXPECT_THAT(outcome.output, HasSubstr("extensions wanted  backplane.health/1\n"));
}

TEST_F(DescribePluginTest, TheYamlIsTakenByTheConfiguration) {
  const std::string file =
      manifest(R"("needs":{"devices":[{"path":"/dev/video: 0"}],"paths":[{"path":"/sys/class","write":true}],)"
               R"("capabilities":["CAP_NET_RAW"],"feeds":["host/log"],"network":true})");
  const std::string output = describe(file).output;
  const std::size_t start = output.find("plugins:\n");
  ASSERT_NE(start, std::string::npos) << output;
  const std::string yaml = output.substr(start, output.find("\n\n", start) - start + 1);
  EXPECT_THAT(yaml, HasSubstr("grants: { devices: [\"/dev/video: 0\"], paths: [/sys/class], "
                              "capabilities: [CAP_NET_RAW], feeds: [host/log], network: true }"));
  const Outcome checked = run_plain({"config", "check", write("b.yaml", "listen: [{ unix: b.sock }]\n" + yaml)});
  EXPECT_EQ(checked.status, 0) << checked.output;
}

TEST_F(DescribePluginTest, EveryKindOfNeedIsNamed) {
  const Outcome outcome = describe(manifest(
      R"("needs":{"devices":[{"path":"/dev/gpiochip0","optional":true}],"paths":[{"path":"/var/lib/lamp","write":true}],)"
      R"("capabilities":["CAP_SYS_RAWIO"],"feeds":["host/log"],"network":true})"));
  EXPECT_THAT(outcome.output, HasSubstr("  device      /dev/gpiochip0  read and write, optional\n"
                                        "  path        /var/lib/lamp   read and write\n"
                                        "  capability  CAP_SYS_RAWIO\n"
                                        "  feed        host/log        subscribe\n"
                                        "  network\n"));
}

TEST_F(DescribePluginTest, TheFeedsThatItHas) {
  const Outcome outcome = describe(manifest(
      R"("extensions":{"needed":["backplane.feed/1"]},"feeds":[{"id":"lines"},{"id":"frames-raw","depth":8}])"));
  EXPECT_THAT(outcome.output, HasSubstr("\nFeeds:\n"
                                        "  FEED        ITEMS KEPT\n"
                                        "  lines       256\n"
                                        "  frames-raw  8\n"));
}

TEST_F(DescribePluginTest, RoutesOfEveryKind) {
  const Outcome outcome = describe(manifest(
      R"("extensions":{"needed":["backplane.http/1"]},"single_instance":true,"routes":[)"
      R"({"id":"a","method":"PUT","path":"/lamp/{name}","scope":"public","style":"gravwell","body":"raw"},)"
      R"({"id":"b","method":"GET","kind":"websocket","path":"/lamp/ws","scope":"metrics.read","style":"dragonmint"},)"
      R"({"id":"c","method":"POST","path":"/lamp/on","scope":"public","body":"fields"}])"));
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("  PUT     /lamp/{name}  public        http       gravwell    raw\n"
                                        "  GET     /lamp/ws      metrics.read  websocket  dragonmint  none\n"
                                        "  POST    /lamp/on      public        http       problem     fields\n"));
  EXPECT_THAT(outcome.output, HasSubstr("single_instance    true\n"));
  EXPECT_THAT(outcome.output, HasSubstr("Scopes:\n  none of its own\n"));
  EXPECT_THAT(outcome.output, HasSubstr("Config:\n  none\n"));
}

TEST_F(DescribePluginTest, ALibraryStandsForTheManifestBesideIt) {
  manifest(R"("vendor":"Lights")");
  const Outcome outcome = describe(write("lamp.so", "this is never looked into"));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr("vendor   Lights\n"));
}

TEST_F(DescribePluginTest, JsonIsTheManifestByteForByte) {
  const std::string text = "{\"id\": \"lamp\",\n  \"version\":\"1.2.0\", \"abi\":\"0.1\"}\n";
  const Outcome outcome = run_plain({"plugin", "describe", "--json", write("lamp.json", text)});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, text);
}

TEST_F(DescribePluginTest, EveryMistakeIsNamedWithItsPlace) {
  const std::string file =
      manifest(R"("colour":"red","scopes":[{"name":"lamp","description":"Light it","role":"king"}],)"
               R"("needs":{"paths":[{"path":"relative"}]})");
  for (const Outcome& outcome : {describe(file), run_plain({"plugin", "describe", file, "--json"})}) {
    EXPECT_EQ(outcome.status, 1);
    for (const char* place : {"#/colour: ", "#/scopes/0/name: ", "#/scopes/0/role: ", "#/needs/paths/0/path: "}) {
      EXPECT_THAT(outcome.output, HasSubstr(file + place));
    }
    EXPECT_THAT(outcome.output, Not(HasSubstr("1.2.0"))) << "nothing of a wrong manifest is printed";
  }
}

TEST_F(DescribePluginTest, WhatIsNoPluginIsNamed) {
  const std::string none = directory_.path() + "/none";
  for (const auto& [file, why] :
       {std::pair{none + ".json", "there is no such manifest file"}, std::pair{none + ".so", "there is no such file"},
        std::pair{none, "is no plugin: name its <id>.json"},
        std::pair{write("alone.so", ""), "alone.json: there is no such manifest file"},
        std::pair{write("broken.json", "{"), "is not a manifest"}, std::pair{directory_.path(), "is no plugin"}}) {
    const Outcome outcome = describe(file);
    EXPECT_EQ(outcome.status, 1) << file;
    EXPECT_THAT(outcome.output, HasSubstr(why));
  }
  EXPECT_EQ(run_plain({"plugin", "describe"}).status, 2);
}

TEST_F(DescribePluginTest, AManifestCannotDrawOnTheTerminal) {
  const Outcome outcome = describe(manifest(R"("description":"harmless\u001b[1A\u001b[2K\r\nAsks for: nothing")"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(outcome.output, HasSubstr("description  harmless?[1A?[2K  Asks for: nothing\n"));
}

std::vector<Row> keys_of(std::string_view schema) {
  return config_keys(config::parse_json(schema).value());
}

TEST(ConfigKeys, ShowTypesDefaultsAndWhatLiesBelow) {
  EXPECT_THAT(keys_of(R"({"type":"object","required":["driver"],"properties":{
        "driver":{"type":"string","enum":["v4l2","test"],"title":"Where pictures come from"},
        "pin":{"type":["string","null"],"secret":true,"default":"1234"},
        "lines":{"type":"array","items":{"type":"object","properties":{"pin":{"type":"integer"}}}},
        "ports":{"type":"object","additionalProperties":{"type":"integer"},"default":{"vnc":5900}},
        "free":{}}})"),
              ElementsAre(Row{"KEY", "TYPE", "DEFAULT", "DESCRIPTION"},
                          Row{"driver", "string: v4l2 | test", "(required)", "Where pictures come from"},
                          Row{"pin", "string or null, secret", "***", ""}, Row{"lines", "array of object", "-", ""},
                          Row{"lines[].pin", "integer", "-", ""}, Row{"ports", "object", R"({"vnc":5900})", ""},
                          Row{"ports.*", "integer", "-", ""}, Row{"free", "any", "-", ""}));
}

TEST(ConfigKeys, ThereAreNoneWhereTheSchemaDescribesNone) {
  EXPECT_THAT(config_keys(config::no_config_schema()), IsEmpty());
  EXPECT_THAT(keys_of(R"({"type":"object","additionalProperties":true})"), IsEmpty());
}

}  // namespace
}  // namespace backplane::ctl
