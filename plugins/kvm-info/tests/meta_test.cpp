#include "kvm-info/meta.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_tree.hpp"

namespace backplane::kvm_info {
namespace {

Value with_host(Value host) {
  return Value::Object{{"kvm", Value::Object{}}, {"server", Value::Object{{"host", std::move(host)}}}};
}

TEST(Meta, ByDefaultNamesTheHost) {
  EXPECT_EQ(Meta(parse_settings("{}")).describe("onecloud"), with_host("onecloud"));
}

TEST(Meta, TheConfigurationsOwnWordsStandAsTheyAre) {
  const Settings settings = parse_settings(R"({"meta": {"server": {"host": "rack 5"}, "x": [1, 2.5, null, true]}})");
  EXPECT_EQ(Meta(settings).describe("onecloud"), Value(Value::Object{{"server", Value::Object{{"host", "rack 5"}}},
                                                                     {"x", Value::Array{1, 2.5, nullptr, true}}}));
}

Settings with_file(const std::string& file) {
  Settings settings;
  settings.meta_file = file;
  return settings;
}

TEST(Meta, AFileIsReadAgainWhenItHasChanged) {
  FakeTree tree;
  Meta meta(with_file(tree.write("/meta.yaml", "kvm: {}\nserver: {host: '@auto'}\n")));
  EXPECT_EQ(meta.describe("one"), with_host("one"));
  EXPECT_EQ(meta.describe("two"), with_host("two"));
  tree.write("/new.yaml", "kvm: {}\nserver: {host: three}\n");
  std::filesystem::rename(tree.path("/new.yaml"), tree.path("/meta.yaml"));
  EXPECT_EQ(meta.describe("two"), with_host("three"));
}

TEST(Meta, AFileThatCannotBeUsedGivesNullUntilItCan) {
  FakeTree tree;
  Meta meta(with_file(tree.path("/meta.yaml")));
  EXPECT_TRUE(meta.describe("one").is_null());
  EXPECT_EQ(meta.problem(), tree.path("/meta.yaml") + ": cannot be read");
  tree.write("/meta.yaml", "[");
  EXPECT_TRUE(meta.describe("one").is_null());
  EXPECT_THAT(meta.problem(), testing::HasSubstr("is no valid YAML"));
  tree.write("/meta.yaml", "kvm: {}\nserver: {host: x}\n");
  EXPECT_EQ(meta.describe("one"), with_host("x"));
  EXPECT_EQ(meta.problem(), "");
}

TEST(Meta, AnyShapeOfFilePassesThrough) {
  FakeTree tree;
  EXPECT_EQ(Meta(with_file(tree.write("/a.yaml", "[1, 2]\n"))).describe("one"), Value(Value::Array{1, 2}));
  EXPECT_EQ(Meta(with_file(tree.write("/b.yaml", "server: text\n"))).describe("one"),
            Value(Value::Object{{"server", "text"}}));
}

}  // namespace
}  // namespace backplane::kvm_info
