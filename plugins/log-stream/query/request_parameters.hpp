// Makes a query of a request: the parameters that systemd-journal-gatewayd(8) knows (follow, boot, discrete,
// FIELD=value and the Range header), and this plugin's own (level, unit, since, until, grep).
#pragma once

#include <backplane/fields.hpp>
#include <backplane/result.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log-stream/formats/formatter.hpp"
#include "log-stream/query/query.hpp"

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
sdk::Result<Query> parse_query(const QuerySource& source);

// The parameters of the routes that are no part of a query: in which form, and how many lines a WebSocket begins with.

// By `format` where there is one, else by the Accept header.
sdk::Result<Format> wanted_format(std::optional<std::string_view> name, std::string_view accept);

// Of a WebSocket: "json", "text".
sdk::Result<Format> message_format(std::string_view name);

// With how many of the last entries to begin; nothing: the request does not say.
sdk::Result<std::optional<std::int64_t>> parse_lines(std::optional<std::string_view> text);

// Whether every entry passes, so that a follower may share what all others read.
bool is_unfiltered(const Query& query);

}  // namespace backplane::log_stream
