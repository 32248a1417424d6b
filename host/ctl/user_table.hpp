// The list of users as a table for a terminal.
#pragma once

#include <string>
#include <vector>

#include "ctl/user_directory.hpp"

namespace backplane::ctl {

// A line of headings, then one for each user; columns are aligned, moments are in UTC.
std::string user_table(const std::vector<UserEntry>& users);

}  // namespace backplane::ctl
