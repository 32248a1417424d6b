// A user of the operating system, as a process that is to run as that user needs to know it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace backplane::plugin {

struct SystemUser {
  std::int64_t uid = -1;
  std::int64_t gid = -1;
  std::vector<std::int64_t> groups;  // supplementary ones, sorted
};

// Nothing if there is no such user. Asks the system's databases, so it may block.
base::Result<std::optional<SystemUser>> find_system_user(const std::string& name);

}  // namespace backplane::plugin
