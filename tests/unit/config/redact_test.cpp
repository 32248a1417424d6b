// S-37: a configuration that is shown never shows a secret.
#include <gtest/gtest.h>

#include "config/json/schema.hpp"

namespace backplane::config {
namespace {

constexpr const char* kSchema = R"({"type":"object","properties":{
  "user":{"type":"string"},
  "password":{"type":"string","secret":true},
  "pools":{"type":"array","items":{"type":"object","properties":{
    "url":{"type":"string"},"key":{"type":"string","secret":true}}}},
  "vault":{"type":"object","secret":true},
  "labels":{"type":"object","additionalProperties":{"type":"string"}},
  "free":{"type":"object"},
  "list":{"type":"array"}}})";

std::string redacted(std::string_view config, std::string_view schema) {
  return redact(SecretValue(parse_json(config).value()), parse_json(schema).value());
}

TEST(Redact, S37_SecretsAreReplacedAtEveryLevel) {
  EXPECT_EQ(
      redacted(R"({"user":"me","password":"p","pools":[{"url":"u","key":"k"},{"url":"v"}],"vault":{"a":1}})", kSchema),
      R"({"user":"me","password":"***","pools":[{"url":"u","key":"***"},{"url":"v"}],"vault":"***"})");
}

TEST(Redact, S37_WhateverTheTypeOfTheSecret) {
  for (const char* value : {"1", "null", "true", "[\"p\"]", "{\"a\":\"p\"}", "\"\""}) {
    EXPECT_EQ(redacted(std::string(R"({"password":)") + value + "}", kSchema), R"({"password":"***"})") << value;
  }
}

TEST(Redact, S37_WhatTheSchemaDoesNotDescribeIsHiddenToo) {
  EXPECT_EQ(redacted(R"({"pasword":"p","labels":{"a":"b"},"free":{"x":"p"},"list":["p"]})", kSchema),
            R"({"pasword":"***","labels":{"a":"b"},"free":{"x":"***"},"list":["***"]})");
}

TEST(Redact, S37_NothingIsShownWithoutAUsableSchemaOrJson) {
  EXPECT_EQ(redacted(R"({"password":"p"})", "[]"), "\"***\"");
  EXPECT_EQ(redacted(R"({"password":"p"})", R"({"sekret":true})"), "\"***\"");
  EXPECT_EQ(redact(SecretValue(parse_json(R"({"password":"p"})").value()), no_config_schema()),
            R"({"password":"***"})");
}

}  // namespace
}  // namespace backplane::config
