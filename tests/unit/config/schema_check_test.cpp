#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json/config_check.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> problems_of(std::string_view schema) {
  std::vector<std::string> out;
  for (const auto& problem : check_schema(parse_json(schema).value(), "video.json")) out.push_back(problem.message());
  return out;
}

TEST(SchemaCheck, EverySupportedKeywordPasses) {
  EXPECT_THAT(problems_of(R"({"type":"object","title":"t","description":"d","required":["a"],
    "additionalProperties":{"type":["string","null"]},"properties":{
      "a":{"type":"string","minLength":0,"maxLength":9,"secret":true,"default":"x"},
      "b":{"type":"number","minimum":-1,"maximum":2.5,"enum":[1,2.5]},
      "c":{"type":"array","items":{"type":"integer"},"minItems":0,"maxItems":3,"default":[1]},
      "d":{"type":"object","additionalProperties":false}}})"),
              IsEmpty());
  EXPECT_THAT(problems_of("{}"), IsEmpty());
}

TEST(SchemaCheck, AnUnknownKeywordIsNamedWithWhatWasMeant) {
  EXPECT_THAT(problems_of(R"({"properties":{"a/b":{"type":"string","maxLenght":3}}})"),
              ElementsAre(StartsWith("video.json: config schema /properties/a~1b/maxLenght: the keyword is not "
                                     "supported; allowed: type, properties, ")));
  EXPECT_THAT(problems_of(R"({"properties":{"a":{"maxLenght":3}}})"),
              ElementsAre(HasSubstr("did you mean \"maxLength\"?")));
  for (const char* keyword : {"pattern", "$ref", "oneOf", "const", "format", "patternProperties"}) {
    EXPECT_THAT(problems_of(std::string("{\"") + keyword + "\":\"x\"}"), SizeIs(1)) << keyword;
  }
}

TEST(SchemaCheck, KeywordsOfTheWrongTypeAreRefused) {
  for (const char* bad : {"[]",
                          "1",
                          R"({"type":"text"})",
                          R"({"type":[]})",
                          R"({"type":["string",1]})",
                          R"({"properties":[]})",
                          R"({"properties":{"a":1}})",
                          R"({"required":"a"})",
                          R"({"required":[1]})",
                          R"({"additionalProperties":1})",
                          R"({"additionalProperties":{"x":1}})",
                          R"({"enum":[]})",
                          R"({"enum":1})",
                          R"({"minimum":"1"})",
                          R"({"maxLength":-1})",
                          R"({"minItems":1.5})",
                          R"({"items":[{}]})",
                          R"({"items":{"typo":1}})",
                          R"({"description":1})",
                          R"({"secret":"yes"})"}) {
    EXPECT_THAT(problems_of(bad), SizeIs(1)) << bad;
  }
}

TEST(SchemaCheck, ARequiredNameThatNobodyCouldGiveIsRefused) {
  EXPECT_THAT(problems_of(R"({"properties":{"a":{}},"required":["b"]})"),
              ElementsAre(HasSubstr("\"b\" is required but not among the properties")));
  EXPECT_THAT(problems_of(R"({"properties":{"a":{}},"required":["b"],"additionalProperties":true})"), IsEmpty());
}

TEST(SchemaCheck, ADefaultMustPassItsOwnSchema) {
  EXPECT_THAT(problems_of(R"({"properties":{"a":{"type":"integer","default":"x"}}})"),
              ElementsAre(HasSubstr("config schema default: integer is needed, not string")));
  EXPECT_THAT(problems_of(R"({"items":{"additionalProperties":{"maximum":1,"default":2}}})"), SizeIs(1));
}

TEST(SchemaCheck, ProblemsAreBounded) {
  std::string schema = "{";
  for (int i = 0; i < 500; ++i) schema += "\"k" + std::to_string(i) + "\":1,";
  schema.back() = '}';
  EXPECT_THAT(problems_of(schema), SizeIs(50));
}

}  // namespace
}  // namespace backplane::config
