#include "log-stream/query/request_headers.hpp"

#include <algorithm>
#include <backplane/fields.hpp>
#include <charconv>
#include <string>

#include "log-stream/limits.hpp"
#include "log-stream/query/time_text.hpp"
#include "log-stream/text.hpp"

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
    std::string_view value = sdk::take_part(parameters, ';');
    const std::string_view name = sdk::take_part(value, '=');
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

sdk::Failure refusal(const std::string& text) {
  return {400, "Range: " + text};
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end) return std::nullopt;
  return number;
}

// "[num_skip]:num_entries" without the colon before it.
std::optional<sdk::Failure> parse_numbers(std::string_view text, Query& query) {
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    const std::optional<std::int64_t> skip = whole_number<std::int64_t>(text.substr(0, colon));
    if (!skip) return refusal("num_skip " + quoted(text.substr(0, colon)) + " is not a whole number");
    query.skip = *skip;
    text.remove_prefix(colon + 1);
  }
  query.count = whole_number<std::uint64_t>(text);
  if (!query.count || *query.count == 0) {
    return refusal("num_entries " + quoted(text) + " is not a whole number of 1 or more");
  }
  return std::nullopt;
}

std::optional<sdk::Failure> parse_entries(std::string_view text, Query& query) {
  const std::size_t colon = text.find(':');
  const std::string_view cursor = sdk::trim(text.substr(0, colon));
  if (!cursor.empty() && !is_cursor(cursor)) {
    return refusal(quoted(cursor) + " is no cursor; take one from an entry's __CURSOR");
  }
  query.cursor = cursor;
  if (colon == std::string_view::npos) return std::nullopt;
  return parse_numbers(text.substr(colon + 1), query);
}

std::optional<sdk::Failure> parse_bound(std::string_view text, std::optional<std::uint64_t>& bound) {
  text = sdk::trim(text);
  if (text.empty()) return std::nullopt;
  bound = parse_seconds(text);
  if (!bound) return refusal(quoted(text) + " is not a number of seconds since 1970");
  return std::nullopt;
}

std::optional<sdk::Failure> parse_realtime(std::string_view text, Query& query) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return refusal("realtime= is to be followed by [since]:[until]");
  if (std::optional<sdk::Failure> problem = parse_bound(text.substr(0, colon), query.since_us)) return problem;
  text.remove_prefix(colon + 1);
  const std::size_t second = text.find(':');
  if (std::optional<sdk::Failure> problem = parse_bound(text.substr(0, second), query.until_us)) return problem;
  if (query.since_us && query.until_us && *query.until_us < *query.since_us) return refusal("until is before since");
  if (second == std::string_view::npos) return std::nullopt;
  return parse_numbers(text.substr(second + 1), query);
}

}  // namespace

Format accepted_format(std::string_view accept) {
  Format best = Format::kShort;
  int best_quality = 0;
  while (!accept.empty()) {
    std::string_view parameters = sdk::take_part(accept, ',');
    const std::string_view name = sdk::take_part(parameters, ';');
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

bool is_cursor(std::string_view text) {
  if (text.empty() || text.size() > kCursorBytesMax) return false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view item = text.substr(0, end);
    if (item.size() < 3 || item[0] < 'a' || item[0] > 'z' || item[1] != '=') return false;
    if (item.find_first_not_of("0123456789abcdefABCDEF", 2) != std::string_view::npos) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

std::optional<sdk::Failure> parse_range(std::string_view header, Query& query) {
  constexpr std::string_view kEntries = "entries=";
  constexpr std::string_view kRealtime = "realtime=";
  header = sdk::trim(header);
  const bool entries = header.starts_with(kEntries);
  if (!entries && !header.starts_with(kRealtime)) return std::nullopt;
  if (header.size() > kRangeBytesMax) return refusal("it is longer than " + std::to_string(kRangeBytesMax) + " bytes");
  return entries ? parse_entries(header.substr(kEntries.size()), query)
                 : parse_realtime(header.substr(kRealtime.size()), query);
}

}  // namespace backplane::log_stream
