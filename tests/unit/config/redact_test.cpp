// S-37: a configuration that is shown never shows a secret.
#include <gtest/gtest.h>

#include "config/json/config_check.hpp"

namespace backplane::config {
namespace {

constexpr std::string_view kSchema = R"({"type":"object","properties":{
  "user":{"type":"string"},
  "password":{"type":"string","secret":true},
  "pools":{"type":"array","items":{"type":"object","properties":{
    "url":{"type":"string"},"key":{"type":"string","secret":true}}}},
  "vault":{"type":"object","secret":true},
  "labels":{"type":"object","additionalProperties":{"type":"string"}},
  "free":{"type":"object"},
  "list":{"type":"array"}}})";

TEST(Redact, S37_SecretsAreReplacedAtEveryLevel) {
  EXPECT_EQ(
      redact(R"({"user":"me","password":"p","pools":[{"url":"u","key":"k"},{"url":"v"}],"vault":{"a":1}})", kSchema),
      R"({"user":"me","password":"***","pools":[{"url":"u","key":"***"},{"url":"v"}],"vault":"***"})");
}

TEST(Redact, S37_WhateverTheTypeOfTheSecret) {
  for (const char* value : {"1", "null", "true", "[\"p\"]", "{\"a\":\"p\"}", "\"\""}) {
    EXPECT_EQ(redact(std::string(R"({"password":)") + value + "}", kSchema), R"({"password":"***"})") << value;
  }
}

TEST(Redact, S37_WhatTheSchemaDoesNotDescribeIsHiddenToo) {
  EXPECT_EQ(redact(R"({"pasword":"p","labels":{"a":"b"},"free":{"x":"p"},"list":["p"]})", kSchema),
            R"({"pasword":"***","labels":{"a":"b"},"free":{"x":"***"},"list":["***"]})");
}

TEST(Redact, S37_NothingIsShownWithoutAUsableSchemaOrJson) {
  EXPECT_EQ(redact(R"({"password":"p"})", "{"), "\"***\"");
  EXPECT_EQ(redact(R"({"password":"p"})", R"({"sekret":true})"), "\"***\"");
  EXPECT_EQ(redact(R"({"password":"p")", kSchema), "\"***\"");
  EXPECT_EQ(redact(R"({"password":"p"})", ""), R"({"password":"***"})");
}

}  // namespace
}  // namespace backplane::config
