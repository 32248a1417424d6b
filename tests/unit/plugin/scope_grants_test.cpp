#include "plugin/scope_grants.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace backplane::plugin {
namespace {

using testing::Contains;
using testing::Not;

TEST(HostScopes, AreSortedForTheyAreSearched) {
  EXPECT_TRUE(std::is_sorted(host_scopes().begin(), host_scopes().end()));
}

TEST(HostScopes, RestartingPluginsIsForAdminsAlone) {
  const config::Roles& roles = config::Roles::built_in();
  EXPECT_TRUE(is_host_scope("plugins.write"));
  EXPECT_THAT(granted_scopes(roles, "admin", {}), Contains("plugins.write"));
  for (const char* role : {"operator", "viewer", "guest"}) {
    EXPECT_THAT(granted_scopes(roles, role, {}), Not(Contains("plugins.write"))) << role;
  }
}

}  // namespace
}  // namespace backplane::plugin
