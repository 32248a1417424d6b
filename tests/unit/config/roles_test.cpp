#include "config/roles.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"
#include "fixture.hpp"

namespace backplane::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class RolesTest : public ConfigTest {
 protected:
  std::vector<std::string> problems_of(std::string_view text) {
    const auto outcome = load_roles(write("roles.yaml", text));
    EXPECT_EQ(outcome.roles.has_value(), outcome.problems.empty());
    std::vector<std::string> out;
    for (const auto& problem : outcome.problems) out.push_back(problem.message().substr(folder_.string().size() + 1));
    return out;
  }
};

TEST_F(RolesTest, TheBuiltInOnesGrantWhatTheHostsScopesNeed) {
  const Roles& roles = Roles::built_in();
  EXPECT_THAT(roles.names(), ElementsAre("admin", "guest", "operator", "viewer"));
  struct Row {
    const char* scope;
    bool operator_has;
    bool viewer_has;
  };
  const Row rows[] = {
      {"kvm.info.read", true, true},    {"sessions.own", true, true},   {"api.read", true, true},
      {"health.read", true, true},      {"metrics.read", true, true},   {"plugins.read", true, false},
      {"plugins.write", false, false},  {"users.manage", false, false}, {"config.reload", false, false},
      {"never.heard.of", false, false},
  };
  for (const Row& row : rows) {
    EXPECT_TRUE(roles.grants("admin", row.scope)) << row.scope;
    EXPECT_EQ(roles.grants("operator", row.scope), row.operator_has) << row.scope;
    EXPECT_EQ(roles.grants("viewer", row.scope), row.viewer_has) << row.scope;
    EXPECT_EQ(roles.grants("guest", row.scope), row.viewer_has) << row.scope;
    EXPECT_FALSE(roles.grants("nobody", row.scope)) << row.scope;
    EXPECT_FALSE(roles.grants("", row.scope)) << row.scope;
  }
}

TEST_F(RolesTest, TheBuiltInOnesAreTheShippedFile) {
  const auto shipped = load_roles(BACKPLANE_CONFIG_DIR "/roles.yaml");
  ASSERT_TRUE(shipped.roles);
  const std::vector<std::string> scopes = {"kvm.info.read", "sessions.own",  "users.manage",
                                           "plugins.read",  "plugins.write", "health.read",
                                           "metrics.read",  "config.reload", "api.read"};
  ASSERT_EQ(shipped.roles->names(), Roles::built_in().names());
  for (const auto& role : shipped.roles->names()) {
    EXPECT_EQ(shipped.roles->expand(role, scopes), Roles::built_in().expand(role, scopes)) << role;
  }
}

TEST_F(RolesTest, PatternsMatchWholeWords) {
  const auto outcome = load_roles(write(
      "roles.yaml", "roles: { admin: { scopes: [\"*\"] }, r: { scopes: [kvm.*, log.read] }, none: { scopes: [] } }"));
  ASSERT_TRUE(outcome.roles);
  EXPECT_TRUE(outcome.roles->grants("r", "kvm.info"));
  EXPECT_TRUE(outcome.roles->grants("r", "kvm.info.read"));
  EXPECT_FALSE(outcome.roles->grants("r", "kvm"));
  EXPECT_FALSE(outcome.roles->grants("r", "kvm."));
  EXPECT_FALSE(outcome.roles->grants("r", "kvmx.info"));
  EXPECT_TRUE(outcome.roles->grants("r", "log.read"));
  EXPECT_FALSE(outcome.roles->grants("r", "log.read.all"));
  EXPECT_FALSE(outcome.roles->grants("r", "log"));
  EXPECT_FALSE(outcome.roles->grants("none", "kvm.info"));
  EXPECT_THAT(outcome.roles->expand("r", {"log.read", "kvm.b", "users.manage", "kvm.a", "kvm.b"}),
              ElementsAre("kvm.a", "kvm.b", "log.read"));
}

TEST_F(RolesTest, MistakesAreReportedAtTheirPlace) {
  const std::string admin = "roles:\n  admin: { scopes: [\"*\"] }\n";
  EXPECT_THAT(
      problems_of(admin + "  x: { scopes: [Kvm.Info] }"),
      ElementsAre(StartsWith("roles.yaml:3:17: roles.x.scopes[0]: \"Kvm.Info\" is no scope; allowed: a scope")));
  for (const char* bad : {"a..b", ".a", "a.", "*.a", "a.*.b", "a*", "\".*\"", "a b"}) {
    EXPECT_THAT(problems_of(admin + "  x: { scopes: [" + bad + "] }"), ElementsAre(StartsWith("roles.yaml:3:17: ")))
        << bad;
  }
  EXPECT_THAT(problems_of(admin + "  x: viewr\n  viewer: { scopes: [a] }"),
              ElementsAre("roles.yaml:3:6: roles.x: \"viewr\" is not allowed; allowed: admin, viewer; did you mean "
                          "\"viewer\"?"));
  EXPECT_THAT(problems_of(admin + "  x: y\n  y: x"), testing::SizeIs(2));  // no alias of an alias
  EXPECT_THAT(problems_of(admin + "  X: { scopes: [a] }"),
              ElementsAre(StartsWith("roles.yaml:3:6: roles.X: a role's")));
  EXPECT_THAT(problems_of(admin + "  x: { scops: [a] }"),
              ElementsAre(StartsWith("roles.yaml:3:8: roles.x.scops: unknown key; allowed: scopes; did you mean")));
  EXPECT_THAT(problems_of(admin + "  x: {}"), ElementsAre("roles.yaml:3:6: roles.x: the key \"scopes\" is missing"));
  EXPECT_THAT(problems_of(admin + "  x: { scopes: a }"), ElementsAre(StartsWith("roles.yaml:3:16: roles.x.scopes: ")));
  EXPECT_THAT(problems_of(""), ElementsAre("roles.yaml:1:1: the key \"roles\" is missing"));
}

TEST_F(RolesTest, AFileThatWouldLockEverybodyOutIsRefused) {
  EXPECT_THAT(problems_of("roles: { viewer: { scopes: [\"*\"] } }"),
              ElementsAre(StartsWith("roles.yaml:1:8: roles: the")));
  EXPECT_THAT(problems_of("roles: { admin: { scopes: [kvm.*] } }"), ElementsAre(StartsWith("roles.yaml:1:8: ")));
  EXPECT_THAT(problems_of("roles: { admin: { scopes: [users.*] } }"), IsEmpty());
  EXPECT_THAT(problems_of("roles: { admin: root, root: { scopes: [\"*\"] } }"), IsEmpty());
}

TEST_F(RolesTest, RolesAndScopesAreBounded) {
  std::string many = "roles:\n  admin: { scopes: [\"*\"] }\n";
  for (int i = 0; i < 64; ++i) many += "  r" + std::to_string(i) + ": { scopes: [a] }\n";
  EXPECT_THAT(problems_of(many), ElementsAre("roles.yaml:1:1: roles: more than 64 roles"));
  std::string scopes = "roles: { admin: { scopes: [\"*\"";
  for (int i = 0; i < 256; ++i) scopes += ", a";
  EXPECT_THAT(problems_of(scopes + "] } }"), ElementsAre("roles.yaml:1:27: roles.admin.scopes: more than 256 items"));
}

TEST(ScopeName, IsWordsJoinedByDots) {
  for (const char* good : {"a", "kvm.info.read", "a-b.c_d", "0.1"}) EXPECT_TRUE(base::is_scope_name(good)) << good;
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "A", "a b", "*", "a.*", "ä"}) {
    EXPECT_FALSE(base::is_scope_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace backplane::config
