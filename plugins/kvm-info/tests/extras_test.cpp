#include "kvm-info/extras.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_tree.hpp"
#include "kvm-info/limits.hpp"

namespace backplane::kvm_info {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Extras, AManifestPassesThroughWithItsStateAdded) {
  FakeTree tree;
  tree.write("/ipmi/manifest.yaml",
             "name: IPMI\ndescription: Show IPMI information\nicon: share/svg/ipmi.svg\npath: ipmi\n"
             "daemon: kvmd-ipmi\nplace: 21\nport: ipmi/server/port\nnew_key: [1]\n");
  const Extras extras = read_extras(tree.root(), {});
  EXPECT_THAT(extras.problems, IsEmpty());
  EXPECT_EQ(extras.value, Value(Value::Object{{"ipmi", Value::Object{{"daemon", "kvmd-ipmi"},
                                                                     {"description", "Show IPMI information"},
                                                                     {"enabled", false},
                                                                     {"icon", "share/svg/ipmi.svg"},
                                                                     {"name", "IPMI"},
                                                                     {"new_key", Value::Array{1}},
                                                                     {"path", "ipmi"},
                                                                     {"place", 21},
                                                                     {"port", 623},
                                                                     {"started", false}}}}));
}

TEST(Extras, KeysAreTheFolderNamesWithoutOddCharacters) {
  FakeTree tree;
  tree.write("/janus-static/manifest.yaml", "name: a\n");
  tree.write("/a -- b.c/manifest.yaml", "name: b\n");
  tree.write("/.hidden/manifest.yaml", "name: c\n");
  tree.write("/file", "name: d\n");
  const Extras extras = read_extras(tree.root(), {});
  EXPECT_EQ(extras.value, Value(Value::Object{{"a_b_c", Value::Object{{"name", "b"}}},
                                              {"janus_static", Value::Object{{"name", "a"}}}}));
  EXPECT_THAT(extras.problems, IsEmpty());
}

TEST(Extras, PortsAreNumbersInTheEnd) {
  FakeTree tree;
  tree.write("/a/manifest.yaml", "port: 80\n");
  tree.write("/b/manifest.yaml", "port: vnc/server/port\n");
  tree.write("/c/manifest.yaml", "port: no/such/path\n");
  tree.write("/d/manifest.yaml", "port: ''\n");
  const auto port = [&](const Value::Object& ports, const char* key) {
    return *read_extras(tree.root(), ports).value.find(key)->find("port");
  };
  EXPECT_EQ(port({}, "a"), Value(80));
  EXPECT_EQ(port({}, "b"), Value(5900));
  EXPECT_EQ(port({{"vnc/server/port", 5901}}, "b"), Value(5901));
  EXPECT_EQ(port({}, "c"), Value(0));
  EXPECT_EQ(port({}, "d"), Value(""));
}

TEST(Extras, AManifestThatCannotBeUsedIsLeftOutAndNamed) {
  FakeTree tree;
  tree.write("/bad/manifest.yaml", "a: [\n");
  tree.write("/empty/other", "");
  tree.write("/list/manifest.yaml", "[1]\n");
  tree.write("/good/manifest.yaml", "name: g\n");
  const Extras extras = read_extras(tree.root(), {});
  EXPECT_EQ(extras.value, Value(Value::Object{{"good", Value::Object{{"name", "g"}}}}));
  EXPECT_THAT(extras.problems, ElementsAre(HasSubstr("/bad/manifest.yaml:"), HasSubstr("/empty/manifest.yaml: cannot"),
                                           HasSubstr("/list/manifest.yaml: is no list")));
}

TEST(Extras, WithoutTheDirectoryTheWholeValueIsNull) {
  FakeTree tree;
  const Extras extras = read_extras(tree.path("/none"), {});
  EXPECT_TRUE(extras.value.is_null());
  EXPECT_THAT(extras.problems, ElementsAre(HasSubstr("No such file or directory")));
  EXPECT_THAT(daemons(extras.value), IsEmpty());
}

TEST(Extras, TheirNumberIsBounded) {
  FakeTree tree;
  for (std::size_t i = 0; i <= kExtrasMax; ++i) tree.write("/e" + std::to_string(i) + "/manifest.yaml", "name: e\n");
  const Extras extras = read_extras(tree.root(), {});
  EXPECT_EQ(extras.value.object()->size(), kExtrasMax);
  EXPECT_THAT(extras.problems, ElementsAre(HasSubstr("more than 64 folders")));
}

TEST(Extras, StatesGoToTheManifestsOfTheDaemon) {
  FakeTree tree;
  tree.write("/a/manifest.yaml", "daemon: one\n");
  tree.write("/b/manifest.yaml", "daemon: ' one '\n");
  tree.write("/c/manifest.yaml", "daemon: two\n");
  tree.write("/d/manifest.yaml", "name: none\n");
  tree.write("/e/manifest.yaml", "daemon: [x]\n");
  Value extras = read_extras(tree.root(), {}).value;
  EXPECT_THAT(daemons(extras), ElementsAre("one", "two"));
  apply_unit_states(extras, {{"one", {true, true}}, {"other", {true, true}}});
  EXPECT_EQ(*extras.find("a")->find("started"), Value(true));
  EXPECT_EQ(*extras.find("b")->find("enabled"), Value(true));
  EXPECT_EQ(*extras.find("c")->find("started"), Value(false));
  EXPECT_EQ(extras.find("d")->find("started"), nullptr);
  EXPECT_EQ(extras.find("e")->find("started"), nullptr);
}

}  // namespace
}  // namespace backplane::kvm_info
