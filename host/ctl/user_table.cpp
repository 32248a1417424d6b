#include "ctl/user_table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace backplane::ctl {
namespace {

using Row = std::array<std::string, 4>;

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
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    table +=
        fmt::format("{:<{}}  {:<{}}  {:<{}}  {}\n", row[0], widths[0], row[1], widths[1], row[2], widths[2], row[3]);
  }
  return table;
}

}  // namespace backplane::ctl
