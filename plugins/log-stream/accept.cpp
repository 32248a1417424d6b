#include "log-stream/accept.hpp"

#include <backplane/fields.hpp>

#include "log-stream/header_text.hpp"

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
