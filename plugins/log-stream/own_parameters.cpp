#include "log-stream/own_parameters.hpp"

#include <charconv>
#include <string>

#include "log-stream/accept.hpp"
#include "log-stream/limits.hpp"

namespace backplane::log_stream {

std::variant<Format, Problem> wanted_format(std::optional<std::string_view> name, std::string_view accept) {
  if (!name) return accepted_format(accept);
  if (const auto format = named_format(*name)) return *format;
  return Problem{Problem::Cause::kRequest, "format: write text, json, events or export"};
}

std::variant<Format, Problem> message_format(std::string_view name) {
  if (name == "json") return Format::kJson;
  if (name == "text") return Format::kShort;
  return Problem{Problem::Cause::kRequest, "format: write json or text"};
}

std::variant<std::optional<std::int64_t>, Problem> parse_lines(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::int64_t lines = 0;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, lines);
  if (error == std::errc() && stop == end && lines >= 0 && lines <= kLinesMax) return lines;
  return Problem{Problem::Cause::kRequest, "lines: write a number from 0 to " + std::to_string(kLinesMax)};
}

}  // namespace backplane::log_stream
