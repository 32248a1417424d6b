#include "log-stream/accept.hpp"

#include <backplane/fields.hpp>

namespace backplane::log_stream {
namespace {

struct Type {
  std::string_view name;
  Format format;
};
constexpr Type kTypes[] = {{"text/plain", Format::kShort},
                           {"application/json", Format::kJson},
                           {"text/event-stream", Format::kEvents},
                           {"application/vnd.fdo.journal", Format::kExport}};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// What stands before the separator, which is taken off `rest` with it.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

// In thousandths; 1000 where there is none, or none that can be read.
int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = next_part(parameters, ';');
    const std::string_view name = next_part(value, '=');
    if (!sdk::equal_ignoring_case(name, "q") || value.empty()) continue;
    if (value.front() == '1') return 1000;
    int quality = 0;
    int weight = 100;
    for (const char c : value.substr(1)) {
      if (c >= '0' && c <= '9') {
        quality += weight * (c - '0');
        weight /= 10;
      }
    }
    return quality;
  }
  return 1000;
}

}  // namespace

Format accepted_format(std::string_view accept) {
  Format best = Format::kShort;
  int best_quality = 0;
  while (!accept.empty()) {
    std::string_view parameters = next_part(accept, ',');
    const std::string_view name = next_part(parameters, ';');
    const int quality = quality_of(parameters);
    if (quality <= best_quality) continue;
    for (const Type& type : kTypes) {
      if (!sdk::equal_ignoring_case(type.name, name)) continue;
      best = type.format;
      best_quality = quality;
    }
  }
  return best;
}

std::optional<Format> named_format(std::string_view name) {
  if (name == "text") return Format::kShort;
  if (name == "json") return Format::kJson;
  if (name == "events") return Format::kEvents;
  if (name == "export") return Format::kExport;
  return std::nullopt;
}

}  // namespace backplane::log_stream
