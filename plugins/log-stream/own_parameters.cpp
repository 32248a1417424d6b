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

std::variant<std::int64_t, Problem> parse_lines(std::string_view text) {
  std::int64_t lines = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), lines);
  if (error == std::errc() && stop == text.data() + text.size() && lines >= 0 && lines <= kLinesMax) return lines;
  return Problem{Problem::Cause::kRequest, "lines: write a number from 0 to " + std::to_string(kLinesMax)};
}

}  // namespace backplane::log_stream
