#include "kvm-info/yaml_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Value scalar(const std::string& text) {
  return *parse_yaml("k: " + text, "t").value->find("k");
}

TEST(YamlFile, PlainScalarsHaveTheirYamlType) {
  EXPECT_EQ(scalar("~"), Value());
  EXPECT_EQ(scalar(""), Value());
  EXPECT_EQ(scalar("yes"), Value(true));
  EXPECT_EQ(scalar("Off"), Value(false));
  EXPECT_EQ(scalar("21"), Value(21));
  EXPECT_EQ(scalar("-1"), Value(-1));
  EXPECT_EQ(scalar("0x1F"), Value(31));
  EXPECT_EQ(scalar("010"), Value(8));
  EXPECT_EQ(scalar("0"), Value(0));
  EXPECT_EQ(scalar("2.50"), Value(2.5));
  EXPECT_EQ(scalar("-.5"), Value(-0.5));
}

TEST(YamlFile, OtherScalarsAreTexts) {
  for (const char* text : {"1e3", "1.2.3", ".", "--1", "+-1", "0x", "0x-1", "09", ".inf", ".nan", "2024-01-09",
                           "99999999999999999999", "y", "vnc/server/port"}) {
    EXPECT_EQ(scalar(text), Value(text)) << text;
  }
  EXPECT_EQ(scalar("'yes'"), Value("yes"));
  EXPECT_EQ(scalar("\"5\""), Value("5"));
}

TEST(YamlFile, ListsAndMapsKeepTheirShape) {
  EXPECT_EQ(*parse_yaml("b: [1, {c: d}]\na: {}\n", "t").value,
            Value(Value::Object{{"a", Value::Object{}}, {"b", Value::Array{1, Value::Object{{"c", "d"}}}}}));
  EXPECT_EQ(*parse_yaml("", "t").value, Value());
}

TEST(YamlFile, MistakesNameFileLineAndColumn) {
  const YamlResult broken = parse_yaml("a: 1\nb: [1,\n", "meta.yaml");
  EXPECT_FALSE(broken.value);
  EXPECT_THAT(broken.problem, StartsWith("meta.yaml:3:"));
  EXPECT_THAT(parse_yaml("[a]: b", "m").problem, HasSubstr("key that is no text"));
}

TEST(YamlFile, DepthIsBounded) {
  EXPECT_TRUE(parse_yaml(std::string(kYamlDepthMax, '[') + std::string(kYamlDepthMax, ']'), "t").value);
  const std::size_t deep = kYamlDepthMax + 2;
  EXPECT_THAT(parse_yaml(std::string(deep, '[') + std::string(deep, ']'), "t").problem, HasSubstr("too deeply"));
  EXPECT_FALSE(parse_yaml(std::string(30'000, '['), "t").value);
  EXPECT_THAT(parse_yaml("a: &x\n  b: *x\n", "t").problem, HasSubstr("too deeply"));
}

TEST(YamlFile, AliasesCannotMultiplyMemory) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) text += ", " + before;
    text += "]\n";
  }
  EXPECT_THAT(parse_yaml(text, "t").problem, HasSubstr("too many values"));
}

TEST(YamlFile, SizeIsBounded) {
  FakeTree tree;
  EXPECT_THAT(read_yaml_file(tree.write("/big.yaml", "a: " + std::string(kYamlBytesMax, 'b'))).problem,
              HasSubstr("is larger than"));
  EXPECT_EQ(read_yaml_file(tree.path("/none")).problem, tree.path("/none") + ": cannot be read");
}

}  // namespace
}  // namespace backplane::kvm_info
