// Makes a query of a request: the parameters that systemd-journal-gatewayd(8) knows (follow, boot, discrete,
// FIELD=value and the Range header), and this plugin's own (level, unit, since, until, grep).
#pragma once

#include <backplane/fields.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "log-stream/problem.hpp"
#include "log-stream/query.hpp"

namespace backplane::log_stream {

struct QuerySource {
  sdk::Fields parameters;
  std::optional<std::string_view> range;  // the header's text
  std::uint64_t now_us = 0;
  std::string boot_id;  // of now: 32 hex digits
  // The id of the boot with that index, below 0; nothing where the log tells of none. Asked only where a request does.
  std::function<std::optional<std::string>(std::int64_t index)> find_boot;
  std::vector<std::string_view> own_parameters = {};  // that the route reads itself
};

// Values may be any bytes: they are compared, and never become part of a command or of a pattern's syntax.
std::variant<Query, Problem> parse_query(const QuerySource& source);

}  // namespace backplane::log_stream
