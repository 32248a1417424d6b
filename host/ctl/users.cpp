#include "ctl/users.hpp"

#include <fmt/core.h>

#include <ctime>

#include "ctl/terminal.hpp"

namespace backplane::ctl {
namespace {

std::string moment(std::int64_t ms) {
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                     utc.tm_min);
}

std::string state_of(const UserEntry& user) {
  if (!user.password_set) return "no password";
  return user.enabled ? "enabled" : "disabled";
}

}  // namespace

std::string user_table(const std::vector<UserEntry>& users) {
  std::vector<Row> rows = {{"NAME", "ROLE", "STATE", "CREATED (UTC)"}};
  for (const UserEntry& user : users) rows.push_back({user.name, user.role, state_of(user), moment(user.created_ms)});
  return columns(rows);
}

}  // namespace backplane::ctl
