// The table of users as text.
#include <gtest/gtest.h>

#include "ctl/users.hpp"

namespace backplane::ctl {
namespace {

TEST(UserTable, AlignsItsColumnsByTheLongestValue) {
  const std::vector<UserEntry> users = {{"a-rather-long-name", "admin", true, true, 1'700'000'000'000},
                                        {"b", "operator", false, true, 0},
                                        {"guest", "viewer", false, false, 59'999}};
  EXPECT_EQ(user_table(users),
            "NAME                ROLE      STATE        CREATED (UTC)\n"
            "a-rather-long-name  admin     enabled      2023-11-14 22:13\n"
            "b                   operator  disabled     1970-01-01 00:00\n"
            "guest               viewer    no password  1970-01-01 00:00\n");
}

TEST(UserTable, WithoutUsersThereAreOnlyHeadings) {
  EXPECT_EQ(user_table({}), "NAME  ROLE  STATE  CREATED (UTC)\n");
}

}  // namespace
}  // namespace backplane::ctl
