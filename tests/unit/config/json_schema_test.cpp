#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json/config_check.hpp"
#include "config/json/value.hpp"
#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Of a plugin without a schema if that is empty.
JsonCheck check_json(std::string_view json, std::string_view schema, const JsonOrigin& origin = {}) {
  const JsonValue rules = schema.empty() ? no_config_schema() : parse_json(schema).value();
  JsonCheck out;
  out.problems = check_schema(rules, origin.where);
  if (!out.problems.empty()) return out;
  const auto config = parse_config(json, origin);
  if (config) return check_config(*config, rules, origin);
  out.problems.push_back(config.error());
  return out;
}

std::vector<std::string> problems_of(std::string_view json, std::string_view schema) {
  std::vector<std::string> out;
  for (const auto& problem : check_json(json, schema).problems) out.push_back(problem.message());
  return out;
}

std::string filled(std::string_view json, std::string_view schema) {
  const JsonCheck check = check_json(json, schema);
  EXPECT_THAT(check.problems, IsEmpty());
  return check.json.reveal();
}

struct Row {
  const char* name;
  const char* schema;  // of the property "v"
  const char* good;
  const char* bad;
  const char* message;
};

class JsonSchemaRule : public ::testing::TestWithParam<Row> {};

TEST_P(JsonSchemaRule, TakesTheGoodAndRefusesTheBad) {
  const Row& row = GetParam();
  const std::string schema = std::string(R"({"type":"object","properties":{"v":)") + row.schema + "}}";
  const auto object = [](const char* value) { return std::string("{\"v\":") + value + "}"; };
  EXPECT_THAT(problems_of(object(row.good), schema), IsEmpty());
  EXPECT_THAT(problems_of(object(row.bad), schema), ElementsAre(row.message));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, JsonSchemaRule,
    ::testing::Values(
        Row{"String", R"({"type":"string"})", "\"a\"", "1", "config.v: string is needed, not integer"},
        Row{"Integer", R"({"type":"integer"})", "1", "1.5", "config.v: integer is needed, not number"},
        Row{"IntegerWrittenAsFloat", R"({"type":"integer"})", "1.0", "\"1\"",
            "config.v: integer is needed, not string"},
        Row{"Number", R"({"type":"number"})", "1", "true", "config.v: number is needed, not boolean"},
        Row{"Boolean", R"({"type":"boolean"})", "false", "0", "config.v: boolean is needed, not integer"},
        Row{"Array", R"({"type":"array"})", "[]", "{}", "config.v: array is needed, not object"},
        Row{"Object", R"({"type":"object"})", "{\"x\":1}", "null", "config.v: object is needed, not null"},
        Row{"Null", R"({"type":["string","null"]})", "null", "[]", "config.v: string or null is needed, not array"},
        Row{"EnumText", R"({"enum":["v4l2","test"]})", "\"test\"", "\"v4l\"",
            "config.v: \"v4l\" is not allowed; allowed: v4l2, test; did you mean \"v4l2\"?"},
        Row{"EnumNumber", R"({"enum":[1,2]})", "2.0", "3", "config.v: 3 is not allowed; allowed: 1, 2"},
        Row{"EnumDeep", R"({"enum":[{"a":[1],"b":2}]})", R"({"b":2,"a":[1]})", R"({"a":[2],"b":2})",
            "config.v: the value is not allowed; allowed: {\"a\":[1],\"b\":2}"},
        Row{"Minimum", R"({"minimum":1})", "1", "0", "config.v: 0 is too small; the least is 1"},
        Row{"Maximum", R"({"maximum":60.5})", "60.5", "61", "config.v: 61 is too large; the most is 60.5"},
        Row{"MaximumExact", R"({"maximum":9007199254740992})", "9007199254740992", "9007199254740993",
            "config.v: 9007199254740993 is too large; the most is 9007199254740992"},
        Row{"MaximumUnsigned", R"({"maximum":1})", "1", "18446744073709551615",
            "config.v: 18446744073709551615 is too large; the most is 1"},
        Row{"MinLength", R"({"minLength":2})", "\"äö\"", "\"ä\"", "config.v: at least 2 characters are needed"},
        Row{"MaxLength", R"({"maxLength":2})", "\"äö\"", "\"äöü\"", "config.v: at most 2 characters are allowed"},
        Row{"Items", R"({"items":{"type":"integer"}})", "[1,2]", "[1,\"2\"]",
            "config.v[1]: integer is needed, not string"},
        Row{"MinItems", R"({"minItems":1})", "[0]", "[]", "config.v: at least 1 items are needed"},
        Row{"MaxItems", R"({"maxItems":1})", "[0]", "[0,0]", "config.v: at most 1 items are allowed"},
        Row{"Required", R"({"properties":{"a":{},"b":{}},"required":["a"]})", "{\"a\":1}", "{\"b\":1}",
            "config.v: the key \"a\" is missing"},
        Row{"UnknownKey", R"({"properties":{"device":{},"driver":{}}})", "{\"device\":1}", "{\"devise\":1}",
            "config.v.devise: unknown key; allowed: device, driver; did you mean \"device\"?"},
        Row{"UnknownKeyWhereRefused", R"({"additionalProperties":false})", "{}", "{\"a\":1}",
            "config.v.a: unknown key; allowed: nothing"},
        Row{"MisspeltRequiredIsOneMistake", R"({"properties":{"device":{}},"required":["device"]})", "{\"device\":1}",
            "{\"devise\":1}", "config.v.devise: unknown key; allowed: device; did you mean \"device\"?"},
        Row{"AdditionalByASchema", R"({"additionalProperties":{"type":"integer"}})", "{\"a\":1}", "{\"a\":\"x\"}",
            "config.v.a: integer is needed, not string"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(JsonSchema, OtherNamesAreAllowedWhereTheSchemaSaysSo) {
  EXPECT_EQ(filled(R"({"x":1})", R"({"properties":{"a":{}},"additionalProperties":true})"), R"({"x":1})");
  EXPECT_EQ(filled(R"({"x":1})", R"({"type":"object"})"), R"({"x":1})");
}

TEST(JsonSchema, DefaultsAreFilledInAtEveryLevel) {
  constexpr std::string_view kSchema = R"({"type":"object","properties":{
    "rate":{"type":"integer","default":30},
    "size":{"type":"object","default":{},"properties":{"width":{"type":"integer","default":640},"height":{}}},
    "tags":{"type":"array","items":{"properties":{"on":{"type":"boolean","default":true}}}},
    "none":{"type":"string"}}})";
  EXPECT_EQ(filled("{}", kSchema), R"({"rate":30,"size":{"width":640}})");
  EXPECT_EQ(filled(R"({"rate":5,"size":{"width":1},"tags":[{},{"on":false}]})", kSchema),
            R"({"rate":5,"size":{"width":1},"tags":[{"on":true},{"on":false}]})");
}

TEST(JsonSchema, PathsThatTheOwnerHasWrittenAreToldWithTheirAccess) {
  const JsonCheck check = check_json(R"({"device":"/dev/video1","logs":["/var/log/a"],"name":"/etc/x","empty":""})",
                                     R"({"properties":{
    "device":{"type":"string","access":"device"},
    "logs":{"items":{"type":"string","access":"write"}},
    "name":{"type":"string"},
    "empty":{"type":"string","access":"read"}}})",
                                     {.path = "plugins.video.config", .where = "b.yaml:3:1"});
  ASSERT_THAT(check.paths, SizeIs(2));
  EXPECT_EQ(check.paths[0].path, "/dev/video1");
  EXPECT_EQ(check.paths[0].access, ConfigPath::Access::kDevice);
  EXPECT_EQ(check.paths[0].name, "plugins.video.config.device");
  EXPECT_EQ(check.paths[0].where, "b.yaml:3:1");
  EXPECT_EQ(check.paths[1].path, "/var/log/a");
  EXPECT_EQ(check.paths[1].access, ConfigPath::Access::kWrite);
}

TEST(JsonSchema, ADefaultIsNoPathThatTheOwnerHasWritten) {
  const JsonCheck check = check_json("{}", R"({"properties":{
    "file":{"type":"string","access":"read","default":"/etc/shadow"},
    "more":{"properties":{"file":{"type":"string","access":"read"}},"default":{"file":"/etc/shadow"}}}})",
                                     {});
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_THAT(check.json.reveal(), HasSubstr("/etc/shadow"));
  EXPECT_THAT(check.paths, IsEmpty());
}

TEST(JsonSchema, AnAccessThatIsNoneIsRefused) {
  for (const char* access : {R"("all")", "true", R"(["read"])"}) {
    const auto problems =
        check_schema(parse_json(std::string(R"({"properties":{"v":{"access":)") + access + "}}}").value(), "a.json");
    ASSERT_THAT(problems, SizeIs(1)) << access;
    EXPECT_THAT(problems[0].text, HasSubstr(R"(must be "read", "write" or "device")"));
  }
}

TEST(JsonSchema, AllMistakesAreReportedAtOnce) {
  EXPECT_THAT(problems_of(R"({"a":"x","b":7,"cc":1})",
                          R"({"properties":{"a":{"type":"integer"},"b":{"maximum":5},"c":{}},"required":["a","z"],
                              "additionalProperties":{"type":"string"}})"),
              SizeIs(4));
}

TEST(JsonSchema, ProblemsAreBounded) {
  std::string json = "{";
  for (int i = 0; i < 500; ++i) json += "\"k" + std::to_string(i) + "\":1,";
  json.back() = '}';
  EXPECT_THAT(problems_of(json, R"({"properties":{"a":{}}})"), SizeIs(50));
}

TEST(JsonSchema, APluginWithoutASchemaTakesNoConfig) {
  EXPECT_THAT(problems_of("{}", ""), IsEmpty());
  EXPECT_THAT(problems_of(R"({"a":1})", ""), ElementsAre("config.a: unknown key; allowed: nothing"));
}

TEST(JsonSchema, WhatIsNoJsonIsRefused) {
  for (const char* bad : {"", "{", "{\"a\":1,}", "nonsense", "{\"a\":\"\xff\"}", "{} {}"}) {
    EXPECT_THAT(problems_of(bad, R"({"type":"object"})"), ElementsAre(HasSubstr("not valid JSON"))) << bad;
  }
  EXPECT_THAT(problems_of(R"({"a":1,"a":2})", "{}"), ElementsAre("config: the name \"a\" stands twice in an object"));
  EXPECT_THAT(problems_of("{}", R"({"pattern":"x"})"),
              ElementsAre(HasSubstr("/pattern: the keyword is not supported")));
}

TEST(JsonSchema, DepthIsBounded) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(parse_json(nested(32)).has_value());
  for (const std::size_t levels : {33U, 34U, 35U, 1000U, 100'000U}) {
    const auto parsed = parse_json(nested(levels));
    ASSERT_TRUE(parsed.has_error()) << levels;
    EXPECT_EQ(parsed.error().text, "nested too deeply") << levels;
  }
}

TEST(JsonSchema, S37_ASecretValueIsNeverRepeated) {
  constexpr std::string_view kSchema = R"({"properties":{
    "a":{"enum":["x"],"secret":true},"b":{"maximum":1,"secret":true},
    "c":{"secret":true,"properties":{"d":{"enum":["x"]}}},"e":{"type":"integer","secret":true}}})";
  const auto problems = problems_of(R"({"a":"hunter2","b":77777,"c":{"d":"hunter2"},"e":"hunter2"})", kSchema);
  ASSERT_THAT(problems, SizeIs(4));
  for (const auto& problem : problems) {
    EXPECT_EQ(problem.find("hunter2"), std::string::npos) << problem;
    EXPECT_EQ(problem.find("77777"), std::string::npos) << problem;
  }
}

class JsonSchemaPlaces : public ConfigTest {};

TEST_F(JsonSchemaPlaces, ProblemsPointIntoTheYamlFile) {
  const auto outcome = load_text(std::string(kListenLine) + R"(plugins:
  video-2:
    plugin: video
    config:
      drivr: v4l2
      size:
        width: wide
  bare: {}
)");
  ASSERT_THAT(short_messages(outcome), IsEmpty());
  const JsonValue schema = parse_json(R"({"type":"object","properties":{"driver":{"type":"string"},
    "size":{"properties":{"width":{"type":"integer"},"height":{}},"required":["height"]},"device":{}},
    "required":["device"]})")
                               .value();
  const std::string file = (folder_ / "main.yaml").string() + ":";
  std::vector<std::string> messages;
  for (const auto& plugin : outcome.settings->plugins) {
    for (const auto& problem : check_plugin_config(plugin, schema).problems) messages.push_back(problem.message());
  }
  EXPECT_THAT(messages,
              ElementsAre(file + "6:7: plugins.video-2.config.drivr: unknown key; allowed: driver, size, device; did "
                                 "you mean \"driver\"?",
                          file + "8:16: plugins.video-2.config.size.width: integer is needed, not string",
                          file + "7:7: plugins.video-2.config.size: the key \"height\" is missing",
                          file + "5:5: plugins.video-2.config: the key \"device\" is missing",
                          file + "9:3: plugins.bare.config: the key \"device\" is missing"));
}

TEST(JsonValue, NumbersKeepTheirKind) {
  EXPECT_EQ(write_json(*parse_json("[1,1.0,-2,18446744073709551615,0.5,true,null,\"a\"]")),
            "[1,1.0,-2,18446744073709551615,0.5,true,null,\"a\"]");
}

}  // namespace
}  // namespace backplane::config
