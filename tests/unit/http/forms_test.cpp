#include "http/body/forms.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "http/fields.hpp"
#include "http/limits.hpp"

namespace backplane::http {
namespace {

constexpr char kForm[] = "application/x-www-form-urlencoded";
constexpr char kJson[] = "application/json";
constexpr char kMultipart[] = "multipart/form-data; boundary=XX";

// "a=1|b=2", or "refused: why".
std::string fields_of(std::string_view type, std::string_view body) {
  std::vector<exchange::Field> fields;
  const auto read = read_fields(type, body, fields);
  if (!read) return "refused: " + read.error().text;
  std::string text;
  for (const exchange::Field& field : fields) {
    if (!text.empty()) text += '|';
    text += field.name + "=" + field.value;
  }
  return text;
}

bool refused(std::string_view type, std::string_view body) {
  return fields_of(type, body).starts_with("refused");
}

std::string part(const std::string& head, const std::string& data) {
  return "--XX\r\n" + head + "\r\n\r\n" + data + "\r\n";
}

TEST(Forms, TheThreeFormsGiveTheSameFields) {
  const std::string expected = "user=admin|passwd=p&s=w \xc3\xa9";
  EXPECT_EQ(fields_of(kForm, "user=admin&passwd=p%26s%3Dw+%C3%A9"), expected);
  EXPECT_EQ(
      fields_of(kMultipart, part("Content-Disposition: form-data; name=\"user\"", "admin") +
                                part("Content-Disposition: form-data; name=passwd", "p&s=w \xc3\xa9") + "--XX--\r\n"),
      expected);
  EXPECT_EQ(fields_of(kJson, R"({"user": "admin", "passwd": "p&s=w \u00e9"})"), expected);
}

TEST(Forms, TheKindComesFromTheTypeAndWithoutOneFromTheFirstByte) {
  EXPECT_EQ(form_kind("APPLICATION/JSON ; charset=utf-8", "{}"), FormKind::kJson);
  EXPECT_EQ(form_kind("application/problem+json", "{}"), FormKind::kJson);
  EXPECT_EQ(form_kind("text/plain", "{}"), FormKind::kOther);
  EXPECT_EQ(form_kind("", " \r\n{}"), FormKind::kJson);
  EXPECT_EQ(form_kind("", "a=b"), FormKind::kOther);
  EXPECT_EQ(form_kind(kForm, ""), FormKind::kNone);
  EXPECT_EQ(fields_of("text/plain", "user=admin"), "");
  EXPECT_EQ(fields_of(kMultipart, ""), "");
}

TEST(Forms, AnotherCharsetIsRefused) {
  EXPECT_TRUE(refused("application/x-www-form-urlencoded; charset=iso-8859-1", "a=b"));
  EXPECT_EQ(fields_of("application/x-www-form-urlencoded; charset=\"UTF-8\"", "a=b"), "a=b");
}

TEST(Urlencoded, IsDecodedAsBrowsersEncodeIt) {
  EXPECT_EQ(fields_of(kForm, "a=1&&b&=c&d=&a=2&e==x"), "a=1|b=|=c|d=|a=2|e==x");
  EXPECT_EQ(fields_of(kForm, "50%=100%&x=%zz&y=%4"), "50%=100%|x=%zz|y=%4");
  EXPECT_EQ(fields_of(kForm, "a+b=c%2Bd%0A"), "a b=c+d\n");
}

TEST(Urlencoded, BoundsAreKept) {
  std::string many;
  for (std::size_t i = 0; i < limits::kFieldsMax; ++i) many += "a=1&";
  EXPECT_FALSE(refused(kForm, many));
  EXPECT_TRUE(refused(kForm, many + "b=1"));
  const std::string name(limits::kFieldNameBytesMax, 'n');
  EXPECT_FALSE(refused(kForm, name + "=1"));
  EXPECT_TRUE(refused(kForm, name + "n=1"));
  EXPECT_TRUE(refused(kForm, "a=%00"));
  EXPECT_TRUE(refused(kForm, "%00=a"));
  EXPECT_TRUE(refused(kForm, "a=%ff"));
}

TEST(JsonFields, ScalarsBecomeTextAndNestedValuesStayJson) {
  EXPECT_EQ(fields_of(kJson, R"({"s": "a\n\"b\" ", "i": 12345678901234567890 , "d":1.50e+3, "t": true,)"
                             R"("f":false,"n":null,"o":{"x": [1, 2 ]} ,"l": ["a" ], "e": ""})"),
            "s=a\n\"b\" |i=12345678901234567890|d=1.50e+3|t=true|f=false|o={\"x\": [1, 2 ]}|l=[\"a\" ]|e=");
  EXPECT_EQ(fields_of(kJson, R"({"a":1,"a":2,"\u0041":"\ud83d\ude00"})"), "a=1|a=2|A=\xf0\x9f\x98\x80");
  EXPECT_EQ(fields_of(kJson, "{}"), "");
}

TEST(JsonFields, WhatIsNotOneValidObjectIsRefused) {
  for (const char* body : {"[]",
                           "1",
                           "null",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{\"a\":1}x",
                           "{\"a\":1}{}",
                           "{'a':1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":nan}",
                           "{\"a\":{\"b\":tru}}",
                           "{\"a\":[1,]}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\\u0000\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\x\"}",
                           "{a:1}",
                           "// {}\n{}",
                           " "}) {
    EXPECT_TRUE(refused(kJson, body)) << body;
  }
}

TEST(JsonFields, DepthIsBounded) {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_FALSE(refused(kJson, nested(base::limits::kJsonDepthMax - 1)));
  EXPECT_TRUE(refused(kJson, nested(base::limits::kJsonDepthMax + 1)));
  EXPECT_TRUE(refused(kJson, nested(100000)));
}

TEST(Query, IsReadByTheSameRules) {
  std::vector<exchange::Field> fields;
  ASSERT_TRUE(read_urlencoded("fields=hw,system&legacy", fields));
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].value, "hw,system");
  EXPECT_EQ(fields[1].value, "");
}

}  // namespace
}  // namespace backplane::http
