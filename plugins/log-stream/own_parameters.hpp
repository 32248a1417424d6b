// The parameters of the routes that are no part of a query: in which form, and how many lines a WebSocket begins with.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "log-stream/formatter.hpp"
#include "log-stream/problem.hpp"

namespace backplane::log_stream {

// By `format` where there is one, else by the Accept header.
std::variant<Format, Problem> wanted_format(std::optional<std::string_view> name, std::string_view accept);

// Of a WebSocket: "json", "text".
std::variant<Format, Problem> message_format(std::string_view name);

// With how many of the last entries to begin; nothing: the request does not say.
std::variant<std::optional<std::int64_t>, Problem> parse_lines(std::optional<std::string_view> text);

}  // namespace backplane::log_stream
